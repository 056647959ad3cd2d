import type { ChatFailureCode } from './chat-failure.ts';
import type { AnswerFault, ModelAnswer } from './parse-answer.ts';
import type { ToolRun } from './tools/run-tool.ts';

/** What a conversation cost, and what was looked up in it. Tokens are null where the server does not count them. */
export type AgentEffort = {
  model: string;
  promptVersion: string;
  /** HTTP requests sent for this verdict; replies from before a crash are not among them. */
  requests: number;
  promptTokens: number | null;
  completionTokens: number | null;
  latencyMs: number;
  trace: ToolRun[];
};

/** The model's server replied, and there is still no answer. */
export type AgentFault = AnswerFault | 'refused' | 'cut_short' | 'empty' | 'too_many_turns';

/**
 * `answered`: the model's answer, not yet held to any bound, and the text that it is read from.
 * `failed`: this order has no answer from this scorer, and asking again would not give one. `text` is what came last.
 * `unavailable`: the server did not do its part; the order can be asked about again, from `retryAt` where one is known.
 */
export type AgentVerdict = { effort: AgentEffort } & (
  | { outcome: 'answered'; answer: ModelAnswer; text: string }
  | { outcome: 'failed'; code: AgentFault | ChatFailureCode; message: string; text: string }
  | { outcome: 'unavailable'; code: ChatFailureCode | 'breaker_open'; message: string; retryAt: Date | null }
);
