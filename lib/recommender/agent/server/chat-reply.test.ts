import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readCompletion } from './chat-reply.ts';

const choice = (message: object, finish_reason: unknown = 'stop') => ({
  choices: [{ finish_reason, message }],
});

test('a completion is read with its text, tool calls and tokens', () => {
  const calls = [{ id: 'x', type: 'function', function: { name: 'f', arguments: '{}' } }];
  const usage = { prompt_tokens: 3, completion_tokens: 4, total_tokens: 7 };
  expect(readCompletion({ ...choice({ content: 'a', tool_calls: calls }), model: 'm', usage })).toEqual({
    content: 'a',
    toolCalls: [{ id: 'x', name: 'f', arguments: '{}' }],
    finishReason: 'stop',
    refusal: null,
    model: 'm',
    promptTokens: 3,
    completionTokens: 4,
  });
});

test('missing or malformed fields beside the message are null, and the message is kept', () => {
  const sparse = { ...choice({ content: 'a', refusal: '' }, 7), model: 5, usage: { prompt_tokens: -1 } };
  const unknown = {
    finishReason: null,
    refusal: null,
    model: null,
    promptTokens: null,
    completionTokens: null,
  };
  expect(readCompletion(sparse)).toEqual({ content: 'a', toolCalls: [], ...unknown });
  const nameless = [{ function: { name: 'f' } }, { function: { name: 'g' } }];
  expect(readCompletion(choice({ tool_calls: nameless }))?.toolCalls.map(({ id }) => id)).toEqual([
    'call_1',
    'call_2',
  ]);
});

test('any JSON is either a completion or refused', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (whole, message) => {
      expect(() => readCompletion(whole)).not.toThrow();
      const reply = readCompletion({ choices: [{ message }] });
      const isObject = typeof message === 'object' && message !== null && !Array.isArray(message);
      if (reply !== undefined) expect(isObject).toBe(true);
    }),
  );
});
