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

test('content in blocks is read without its reasoning, and arguments as an object are read', () => {
  const reasoning = { type: 'reasoning', summary: [{ type: 'summary_text', text: 'hm' }] };
  const thinking = { type: 'thinking', thinking: [{ type: 'text', text: 'hm' }] };
  const words = { type: 'text', text: 'a' };
  expect(readCompletion(choice({ content: [reasoning, thinking, words] }))?.content).toBe('a');
  expect(readCompletion(choice({ content: [{ type: 'thinking', text: 'hm' }, words] }))?.content).toBe('a');
  const calls = [{ id: 'x', function: { name: 'f', arguments: { order_id: 'o' } } }];
  expect(readCompletion(choice({ tool_calls: calls }))?.toolCalls).toEqual([
    { id: 'x', name: 'f', arguments: '{"order_id":"o"}' },
  ]);
  const nameless = [{ id: 'x', function: { name: null, arguments: '{}' } }];
  expect(readCompletion(choice({ tool_calls: nameless }))?.toolCalls).toEqual([
    { id: 'x', name: '', arguments: '{}' },
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
