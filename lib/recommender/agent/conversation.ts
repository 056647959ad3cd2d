import type { ChatCompletionMessageParam } from 'openai/resources';
import type { Database } from '#db/client.ts';
import type { AgentCase } from './agent-case.ts';
import { answerSchema, openConversation, promptVersion } from './prompt.ts';
import type { Abilities, CallPorts } from './server/call-model.ts';
import type { ChatFailureCode } from './server/chat-failure.ts';
import type { ChatReply } from './server/chat-reply.ts';
import type { ChatRequest } from './server/chat-server.ts';
import { declareTools, runAllTools, runTool, type ToolRun } from './tools.ts';
import type { AgentFault, AgentVerdict, ConversationRecord } from './verdict.ts';

/** What a reply is: an answer to read, tool calls after which the conversation continues, or why it ends. */
export type ReplyKind = 'answer' | 'tool_calls' | Extract<AgentFault, 'refused' | 'cut_short' | 'empty'>;

export type AgentPorts = CallPorts & { db: Database };

const MAX_TOOL_CALLS = 6;
/** At most so much of what a model said is sent back to it. */
const MAX_ECHO = 2_000;

/** One order's messages with a model, and what they cost. */
export class Conversation {
  /** What the model said last. */
  text = '';
  private readonly ports: AgentPorts;
  private readonly agentCase: AgentCase;
  private readonly began: Date;
  private readonly later: ChatCompletionMessageParam[] = [];
  private readonly trace: ToolRun[] = [];
  private facts: ToolRun[] | undefined;
  private requests = 0;
  private tokens: { prompt: number; completion: number } | undefined;

  constructor(ports: AgentPorts, agentCase: AgentCase) {
    this.ports = ports;
    this.agentCase = agentCase;
    this.began = ports.clock.now();
  }

  /** The request for the next turn, for what the server is able to. */
  async write({ tools, schema, limits }: Abilities): Promise<ChatRequest> {
    const facts = tools ? undefined : await this.lookUpFacts();
    return {
      messages: [...openConversation(this.agentCase, facts), ...this.later],
      tools: tools ? declareTools() : [],
      schema: schema ? answerSchema : undefined,
      limits,
    };
  }

  countRequests(requests: number): void {
    this.requests += requests;
  }

  /** Takes a reply in: runs the tools that it calls, or keeps what it says. */
  async receive(reply: ChatReply): Promise<ReplyKind> {
    this.countTokens(reply);
    this.text = reply.refusal ?? reply.content ?? '';
    if (reply.refusal !== null || reply.finishReason === 'content_filter') return 'refused';
    if (reply.toolCalls.length > 0) {
      await this.runToolCalls(reply);
      return 'tool_calls';
    }
    if (reply.finishReason === 'length') return 'cut_short';
    return this.text.trim() === '' ? 'empty' : 'answer';
  }

  /** Asks the model to correct its answer. */
  correct(problem: string): void {
    this.later.push(
      { role: 'assistant', content: this.text.slice(0, MAX_ECHO) },
      {
        role: 'user',
        content: `That is no valid answer: ${problem}. Answer with the one JSON object alone.`,
      },
    );
  }

  fail(code: AgentFault | ChatFailureCode, message: string): AgentVerdict {
    return { outcome: 'failed', code, message, text: this.text, call: this.record() };
  }

  record(): ConversationRecord {
    return {
      model: this.ports.server.model,
      promptVersion,
      requests: this.requests,
      promptTokens: this.tokens?.prompt ?? null,
      completionTokens: this.tokens?.completion ?? null,
      latencyMs: Math.max(0, this.ports.clock.now().getTime() - this.began.getTime()),
      trace: this.trace,
    };
  }

  private async runToolCalls({ content, toolCalls }: ChatReply): Promise<void> {
    const calls = toolCalls.slice(0, MAX_TOOL_CALLS);
    this.later.push({
      role: 'assistant',
      content: content?.slice(0, MAX_ECHO),
      tool_calls: calls.map(({ id, name, arguments: text }) => ({
        id,
        type: 'function',
        function: { name, arguments: text.length > MAX_ECHO ? '{}' : text },
      })),
    });
    const runs = await Promise.all(calls.map((call) => runTool(this.scope(), call.name, call.arguments)));
    for (const [at, run] of runs.entries()) {
      this.trace.push(run);
      const id = calls[at]?.id ?? '';
      this.later.push({ role: 'tool', tool_call_id: id, content: JSON.stringify(run.result) });
    }
  }

  private async lookUpFacts(): Promise<ToolRun[]> {
    if (!this.facts) {
      this.facts = await runAllTools(this.scope());
      this.trace.push(...this.facts);
    }
    return this.facts;
  }

  private scope() {
    const { orderId, location, deliveredTs } = this.agentCase;
    return { db: this.ports.db, orderId, location, deliveredTs };
  }

  private countTokens({ promptTokens, completionTokens }: ChatReply): void {
    if (promptTokens === null && completionTokens === null) return;
    const before = this.tokens ?? { prompt: 0, completion: 0 };
    this.tokens = {
      prompt: before.prompt + (promptTokens ?? 0),
      completion: before.completion + (completionTokens ?? 0),
    };
  }
}
