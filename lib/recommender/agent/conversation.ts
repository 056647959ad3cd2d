import type { ChatCompletionMessageParam } from 'openai/resources';
import type { Database } from '#db/client.ts';
import type { AgentCase } from './agent-case.ts';
import { type AgentMode, answerSchema, lookUpPrompt, openConversation, promptVersionOf } from './prompt.ts';
import { type Abilities, LONG_ANSWER_TOKENS } from './server/abilities.ts';
import type { CallPorts } from './server/call-model.ts';
import type { ChatFailureCode } from './server/chat-failure.ts';
import type { ChatReply } from './server/chat-reply.ts';
import type { ChatRequest } from './server/chat-server.ts';
import { declareTools, holdsFacts, runAllTools, runTool, type ToolRun } from './tools.ts';
import type { AgentFault, AgentVerdict, ConversationRecord } from './verdict.ts';

/** What a reply is: an answer to read, one that came before it was requested, tool calls, or why the conversation ends. */
export type ReplyKind =
  | 'answer'
  | 'early_answer'
  | 'on_the_way'
  | Extract<AgentFault, 'refused' | 'cut_short' | 'empty' | 'too_many_turns'>;

export type AgentPorts = CallPorts & { db: Database; mode: AgentMode };

const MAX_TOOL_CALLS = 6;
const MAX_LOOK_UPS = 3;
/** At 0 the same question brought the same wrong answer again, 23 times of 23. */
const CORRECTION_TEMPERATURE = 0.7;
/** At most so much of what a model said is sent back to it. */
const MAX_ECHO = 2_000;

/**
 * One order's messages with a model, and what they cost. In mode `tools` the model first looks up what it wants, without a
 * response format, which servers prefer to tools; the request that must be answered has all facts, the schema and no tools.
 */
export class Conversation {
  /** What the model said last. */
  text = '';
  private readonly ports: AgentPorts;
  private readonly agentCase: AgentCase;
  private readonly began: Date;
  private readonly lookUps: ChatCompletionMessageParam[] = [];
  private readonly corrections: ChatCompletionMessageParam[] = [];
  private readonly trace: ToolRun[] = [];
  private lookUpsLeft: number;
  private requests = 0;
  private tokens: { prompt: number; completion: number } | undefined;

  constructor(ports: AgentPorts, agentCase: AgentCase) {
    this.ports = ports;
    this.agentCase = agentCase;
    this.began = ports.clock.now();
    this.lookUpsLeft = ports.mode === 'tools' && ports.abilities.current.tools ? MAX_LOOK_UPS : 0;
  }

  /** Looks up the facts that every answer needs and that the model has not looked up itself. */
  async lookUpFacts(): Promise<void> {
    const missing = (await runAllTools(this.scope())).filter(
      ({ tool }) => !this.trace.some((run) => run.ok && run.tool === tool),
    );
    this.trace.push(...missing);
  }

  /** Whether the trace holds what every answer rests on. */
  hasFacts(): boolean {
    return holdsFacts(this.trace);
  }

  /** The request for the next turn, for what the server is able to. */
  async write(abilities: Abilities): Promise<ChatRequest> {
    const { tools, isShort } = abilities;
    if (!tools || isShort) this.lookUpsLeft = 0;
    const temperature = this.corrections.length === 0 ? 0 : CORRECTION_TEMPERATURE;
    if (this.lookUpsLeft > 0) {
      const [system, user] = openConversation(this.agentCase, []);
      const invitation: ChatCompletionMessageParam = { role: 'user', content: lookUpPrompt };
      const messages = [system, user, invitation].filter((message) => message !== undefined);
      return {
        messages: [...messages, ...this.lookUps],
        tools: declareTools(),
        schema: undefined,
        temperature,
        abilities,
      };
    }
    await this.lookUpFacts();
    return {
      messages: [...openConversation(this.agentCase, this.listFacts(isShort), isShort), ...this.corrections],
      tools: [],
      schema: answerSchema,
      temperature,
      abilities,
    };
  }

  /** Allows longer answers from this server, once. @returns whether that is new, so that asking again may help. */
  async allowMore(): Promise<boolean> {
    const { current } = this.ports.abilities;
    if (current.isShort || current.answerTokens >= LONG_ANSWER_TOKENS) return false;
    await this.ports.abilities.settle({ ...current, answerTokens: LONG_ANSWER_TOKENS });
    return true;
  }

  countRequests(requests: number): void {
    this.requests += requests;
  }

  /** Takes a reply in: runs the tools that it calls, or keeps what it says. */
  async receive(reply: ChatReply): Promise<ReplyKind> {
    this.countTokens(reply);
    this.text = reply.refusal ?? reply.content ?? '';
    if (reply.refusal !== null || reply.finishReason === 'content_filter') return 'refused';
    if (this.lookUpsLeft > 0) return this.receiveLookUps(reply);
    if (reply.finishReason === 'length') return 'cut_short';
    if (this.text.trim() !== '') return 'answer';
    return reply.toolCalls.length > 0 ? 'too_many_turns' : 'empty';
  }

  /** Asks the model to correct its answer. */
  correct(problem: string): void {
    this.corrections.push(
      { role: 'assistant', content: this.text.slice(0, MAX_ECHO) || '…' },
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
      promptVersion: promptVersionOf(this.ports.mode),
      requests: this.requests,
      promptTokens: this.tokens?.prompt ?? null,
      completionTokens: this.tokens?.completion ?? null,
      latencyMs: Math.max(0, this.ports.clock.now().getTime() - this.began.getTime()),
      trace: this.trace,
    };
  }

  /** Words without a call, and calls for nothing new, end the look-ups. */
  private async receiveLookUps(reply: ChatReply): Promise<ReplyKind> {
    const isNew = reply.toolCalls.length > 0 && (await this.runToolCalls(reply));
    this.lookUpsLeft = isNew ? this.lookUpsLeft - 1 : 0;
    return reply.toolCalls.length === 0 ? 'early_answer' : 'on_the_way';
  }

  /** @returns whether any call brought something that was not known. */
  private async runToolCalls({ content, toolCalls }: ChatReply): Promise<boolean> {
    const calls = toolCalls.slice(0, this.ports.abilities.current.parallelToolCalls ? MAX_TOOL_CALLS : 1);
    this.lookUps.push({
      role: 'assistant',
      content: content?.slice(0, MAX_ECHO),
      tool_calls: calls.map(({ id, name, arguments: text }) => ({
        id,
        type: 'function',
        function: { name, arguments: text.length > MAX_ECHO ? '{}' : text },
      })),
    });
    let isNew = false;
    for (const { id, name, arguments: text } of calls) {
      const isRepeated = this.trace.some((run) => run.ok && run.tool === name);
      const run = isRepeated ? undefined : await runTool(this.scope(), name, text);
      if (run) this.trace.push(run);
      isNew ||= run?.ok ?? false;
      const result = run?.result ?? { error: 'You have that already.' };
      this.lookUps.push({ role: 'tool', tool_call_id: id, content: JSON.stringify(result) });
    }
    return isNew;
  }

  /** What was looked up, for the prompt: of a short one, only what judging needs. */
  private listFacts(isShort: boolean): ToolRun[] {
    return this.trace.filter(({ ok, tool }) => ok && !(isShort && tool === 'get_order_details'));
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
