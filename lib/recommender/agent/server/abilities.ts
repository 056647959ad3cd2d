import { z } from 'zod';
import type { Refusal } from './chat-failure.ts';

/**
 * What a server and its model are able to, each learned by itself from an error about it. A limit on the length is always
 * sent, under one of two names; `answerTokens` is that limit, `isShort` says that the context is too short for a whole prompt.
 */
const abilitiesSchema = z.object({
  tools: z.boolean(),
  parallelToolCalls: z.boolean(),
  jsonSchema: z.boolean(),
  jsonObject: z.boolean(),
  systemRole: z.boolean(),
  temperature: z.boolean(),
  lengthParameter: z.enum(['max_tokens', 'max_completion_tokens']),
  answerTokens: z.int().min(1),
  isShort: z.boolean(),
  /** As an error named it; null where none has. */
  contextTokens: z.int().nullable(),
});
export type Abilities = z.infer<typeof abilitiesSchema>;

const REJECTED_IN_A_ROW = 3;
const SHORT_ANSWER_TOKENS = 500;
export const LONG_ANSWER_TOKENS = 8_000;

export const allAbilities: Abilities = {
  tools: true,
  parallelToolCalls: true,
  jsonSchema: true,
  jsonObject: true,
  systemRole: true,
  temperature: true,
  lengthParameter: 'max_tokens',
  answerTokens: 2_000,
  isShort: false,
  contextTokens: null,
};

/** Abilities as they were stored; what is missing or of another version counts as able. */
export function readAbilities(stored: unknown): Abilities {
  return abilitiesSchema.safeParse({ ...allAbilities, ...(stored as object | null) }).data ?? allAbilities;
}

/** What a request makes use of. */
export type Uses = { tools: boolean; schema: boolean };

/**
 * What is left once a server has refused something of a request, or undefined where the request made no use of it, so that asking
 * again would be the same request.
 */
export function giveUp(abilities: Abilities, uses: Uses, refusal: Refusal): Abilities | undefined {
  const change = changes[refusal.about](abilities, uses);
  if (!change) return undefined;
  const contextTokens = refusal.about === 'context' ? refusal.contextTokens : abilities.contextTokens;
  return { ...abilities, ...change, contextTokens };
}

type Change = (abilities: Abilities, uses: Uses) => Partial<Abilities> | undefined;

const changes: Record<Refusal['about'], Change> = {
  tools: ({ tools }, uses) => (uses.tools && tools ? { tools: false } : undefined),
  parallel_tool_calls: ({ parallelToolCalls }, uses) =>
    uses.tools && parallelToolCalls ? { parallelToolCalls: false } : undefined,
  response_format: giveUpFormat,
  system: ({ systemRole }) => (systemRole ? { systemRole: false } : undefined),
  temperature: ({ temperature }) => (temperature ? { temperature: false } : undefined),
  length: ({ lengthParameter }) =>
    lengthParameter === 'max_tokens' ? { lengthParameter: 'max_completion_tokens' } : undefined,
  context: ({ isShort }) => (isShort ? undefined : { isShort: true, answerTokens: SHORT_ANSWER_TOKENS }),
};

function giveUpFormat({ jsonSchema, jsonObject }: Abilities, uses: Uses): Partial<Abilities> | undefined {
  if (!uses.schema) return undefined;
  if (jsonSchema) return { jsonSchema: false };
  return jsonObject ? { jsonObject: false } : undefined;
}

/** What to try, one step after the other, where a server that has never replied refuses a request and does not say why. */
export function listGuesses(abilities: Abilities): Abilities[] {
  const plain = { ...abilities, tools: false, jsonSchema: false, jsonObject: false };
  return [
    { ...abilities, temperature: false },
    { ...abilities, jsonSchema: false },
    plain,
    { ...plain, temperature: false, lengthParameter: 'max_completion_tokens' },
    { ...plain, temperature: false, systemRole: false },
  ];
}

/** Where abilities are kept. */
export type AbilityMemory = { read(): Promise<Abilities>; write(abilities: Abilities): Promise<void> };

/** The abilities of one server and model, shared by all conversations with it. */
export class AbilityStore {
  private known = allAbilities;
  private proven = false;
  private isLoaded = false;
  private readonly memory: AbilityMemory | undefined;
  private rejectedOrders: string[] = [];

  /** @param memory keeps them from one process to the next. */
  constructor(memory?: AbilityMemory) {
    this.memory = memory;
  }

  /** Reads what earlier processes have learned, once. */
  async load(): Promise<void> {
    if (this.isLoaded || !this.memory) return;
    this.known = await this.memory.read();
    this.isLoaded = true;
  }

  get current(): Abilities {
    return this.known;
  }

  /** Whether the server has ever replied as a chat server does; before that, its errors are about itself, not about an order. */
  get isProven(): boolean {
    return this.proven;
  }

  /** Called when the server has accepted a request with these abilities. */
  async settle(abilities: Abilities): Promise<void> {
    this.proven = true;
    this.rejectedOrders = [];
    if (abilities === this.known) return;
    this.known = abilities;
    await this.memory?.write(abilities);
  }

  /** Notes that a request about an order was rejected. @returns whether so many different orders in a row mean the server itself. */
  noteRejected(orderId: string): boolean {
    if (!this.rejectedOrders.includes(orderId)) this.rejectedOrders.push(orderId);
    return this.rejectedOrders.length >= REJECTED_IN_A_ROW;
  }
}
