import type { ChatCompletionMessageParam } from 'openai/resources';
import type { Database } from '#db/client.ts';
import type { Abilities } from './abilities.ts';
import type { AgentCase } from './agent-case.ts';
import type { AgentEffort, AgentFault, AgentVerdict } from './agent-verdict.ts';
import type { CallPorts, CallResult } from './call-model.ts';
import type { ChatFailureCode } from './chat-failure.ts';
import type { ChatReply } from './chat-reply.ts';
import type { ChatRequest } from './chat-server.ts';
import { answerSchema, openConversation, promptVersion } from './prompt.ts';
import { declareTools, runAllTools, runTool, type ToolRun } from './tools/run-tool.ts';

/** What a reply is to the conversation: an answer to read, lookups that go on, or the end of it. */
export type Heard = 'spoke' | 'goes_on' | Extract<AgentFault, 'refused' | 'cut_short' | 'empty'>;

export type AgentPorts = CallPorts & { db: Database };

const MOST_TOOL_CALLS = 6;
/** Of what a model says, so much is said back to it. */
const LONGEST_ECHO = 2_000;

/** One order's messages with a model, and what they cost. */
export class Conversation {
  /** What the model said last. */
  text = '';
  private readonly ports: AgentPorts;
  private readonly about: AgentCase;
  private readonly began: Date;
  private readonly later: ChatCompletionMessageParam[] = [];
  private readonly trace: ToolRun[] = [];
  private facts: ToolRun[] | undefined;
  private requests = 0;
  private tokens: { prompt: number; completion: number } | undefined;

  constructor(ports: AgentPorts, about: AgentCase) {
    this.ports = ports;
    this.about = about;
    this.began = ports.clock.now();
  }

  /** The request for the next turn, for what the server is able to. */
  async write({ tools, schema, limits }: Abilities): Promise<ChatRequest> {
    const facts = tools ? undefined : await this.lookUpAll();
    return {
      messages: [...openConversation(this.about, facts), ...this.later],
      tools: tools ? declareTools() : [],
      schema: schema ? answerSchema : undefined,
      limits,
    };
  }

  async counting(result: Promise<CallResult>): Promise<CallResult> {
    const { requests } = await result;
    this.requests += requests;
    return result;
  }

  /** Takes a reply in: runs the tools it asks for, or keeps what it says. */
  async hear(reply: ChatReply): Promise<Heard> {
    this.countTokens(reply);
    this.text = reply.refusal ?? reply.content ?? '';
    if (reply.refusal !== null || reply.finishReason === 'content_filter') return 'refused';
    if (reply.toolCalls.length > 0) return this.lookUp(reply);
    if (reply.finishReason === 'length') return 'cut_short';
    return this.text.trim() === '' ? 'empty' : 'spoke';
  }

  /** Tells the model what is wrong with its answer, which it may give once more. */
  correct(problem: string): void {
    this.later.push(
      { role: 'assistant', content: this.text.slice(0, LONGEST_ECHO) },
      {
        role: 'user',
        content: `That is no valid answer: ${problem}. Answer with the one JSON object alone.`,
      },
    );
  }

  fail(code: AgentFault | ChatFailureCode, message: string): AgentVerdict {
    return { outcome: 'failed', code, message, text: this.text, effort: this.effort() };
  }

  effort(): AgentEffort {
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

  private async lookUp({ content, toolCalls }: ChatReply): Promise<Heard> {
    const asked = toolCalls.slice(0, MOST_TOOL_CALLS);
    this.later.push({
      role: 'assistant',
      content: content?.slice(0, LONGEST_ECHO),
      tool_calls: asked.map(({ id, name, arguments: text }) => ({
        id,
        type: 'function',
        function: { name, arguments: text.length > LONGEST_ECHO ? '{}' : text },
      })),
    });
    const runs = await Promise.all(asked.map((call) => runTool(this.scope(), call.name, call.arguments)));
    for (const [at, run] of runs.entries()) {
      this.trace.push(run);
      const id = asked[at]?.id ?? '';
      this.later.push({ role: 'tool', tool_call_id: id, content: JSON.stringify(run.result) });
    }
    return 'goes_on';
  }

  private async lookUpAll(): Promise<ToolRun[]> {
    if (!this.facts) {
      this.facts = await runAllTools(this.scope());
      this.trace.push(...this.facts);
    }
    return this.facts;
  }

  private scope() {
    const { orderId, location, deliveredTs } = this.about;
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
