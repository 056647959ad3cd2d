/** A message of a conversation as a model reads it. */
export type ChatMessage = { role: 'system' | 'user' | 'assistant'; text: string };

/** What a completion is asked for. `schema` is the JSON schema of the answer, `json` any JSON, `text` anything. */
export type CompletionRequest = {
  messages: ChatMessage[];
  form: { type: 'text' } | { type: 'json' } | { type: 'schema'; schema: object };
  maxTokens: number | undefined;
  temperature: number;
  seed: number | undefined;
  stop: string[];
};

export type Completion = {
  text: string;
  finishReason: 'stop' | 'length';
  promptTokens: number;
  completionTokens: number;
};

/** A request that this model cannot serve: `parameter` is the field that it is about. */
export class CompletionRefusal extends Error {
  readonly parameter: string;
  readonly code: string;
  constructor(code: string, parameter: string, message: string) {
    super(message);
    this.code = code;
    this.parameter = parameter;
  }
}

/** A loaded model. It completes one request at a time; the others wait. */
export type ChatModel = {
  name: string;
  contextTokens: number;
  /** @throws CompletionRefusal where the request cannot be served; the signal's reason where it is aborted. */
  complete(request: CompletionRequest, signal: AbortSignal): Promise<Completion>;
  close(): Promise<void>;
};
