import { z } from 'zod';

/** A tool call as a model asks for it; `arguments` should be JSON text. */
export type ToolCall = { id: string; name: string; arguments: string };

/** One reply of a model: words, tool calls, or both. Tokens are null where the server does not count them. */
export type ChatReply = {
  content: string | null;
  toolCalls: ToolCall[];
  finishReason: string | null;
  refusal: string | null;
  model: string | null;
  promptTokens: number | null;
  completionTokens: number | null;
};

/** Of any text: more than any answer that is still accepted. */
const MAX_CHARACTERS = 25_000;

const count = z.number().int().min(0).max(1e9).nullish().catch(null);
const text = z.string().nullish().catch(null);
/** A part without words of its own, such as a block of reasoning, is left out and does not cost the reply. */
const part = z
  .object({ type: z.string().optional(), text: z.string() })
  .transform(({ type, text }) => (type === undefined || /^(output_)?text$/.test(type) ? text : ''))
  .catch('');
/** JSON text, or the object that some servers send in its place. */
const toolArguments = z.union([
  z.string(),
  z.record(z.string(), z.unknown()).transform((given) => JSON.stringify(given)),
]);

const completionSchema = z.object({
  model: text,
  choices: z
    .array(
      z.object({
        finish_reason: text,
        message: z.object({
          content: z.union([z.string(), z.array(part).transform((parts) => parts.join(''))]).nullish(),
          refusal: text,
          tool_calls: z
            .array(
              z.object({
                id: z.string().max(200).catch(''),
                function: z.object({
                  name: z.string().max(200).catch(''),
                  arguments: toolArguments.nullish(),
                }),
              }),
            )
            .nullish(),
        }),
      }),
    )
    .min(1),
  usage: z.object({ prompt_tokens: count, completion_tokens: count }).nullish().catch(null),
});

/** Reads a chat completion as any compatible server writes it; undefined where it is not one. */
export function readCompletion(body: unknown): ChatReply | undefined {
  const parsed = completionSchema.safeParse(body);
  const choice = parsed.data?.choices[0];
  if (!parsed.success || !choice) return undefined;
  const { model, usage } = parsed.data;
  const calls = choice.message.tool_calls ?? [];
  return {
    content: choice.message.content?.slice(0, MAX_CHARACTERS) ?? null,
    toolCalls: calls.map((call, at) => ({
      id: call.id || `call_${at + 1}`,
      name: call.function.name,
      arguments: call.function.arguments?.slice(0, MAX_CHARACTERS) ?? '{}',
    })),
    finishReason: choice.finish_reason ?? null,
    refusal: choice.message.refusal?.slice(0, MAX_CHARACTERS) || null,
    model: model?.slice(0, 200) ?? null,
    promptTokens: usage?.prompt_tokens ?? null,
    completionTokens: usage?.completion_tokens ?? null,
  };
}
