import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { sleep } from '#lib/clock.ts';
import { messageOf, OperatorError } from '#lib/errors.ts';
import {
  type ChatMessage,
  type ChatModel,
  type Completion,
  CompletionRefusal,
  type CompletionRequest,
} from './chat-model.ts';

export type LoadOptions = {
  /** The folder of the installed module `node-llama-cpp`. */
  module: string;
  path: string;
  contextTokens: number;
  threads: number;
  signal: AbortSignal;
  /** Called with the share of the file that is loaded. */
  onProgress(share: number): void;
};

/** What is used of node-llama-cpp, whose own types are not installed with the sources. */
type Grammar = object;
type Sequence = { clearHistory(): Promise<void>; tokenMeter: { usedOutputTokens: number } };
type Context = { getSequence(): Sequence };
type Model = {
  tokenizer: object;
  trainContextSize: number;
  createContext(options: object): Promise<Context>;
};
type Llama = {
  loadModel(options: object): Promise<Model>;
  createGrammarForJsonSchema(schema: object): Promise<Grammar>;
  getGrammarFor(type: 'json'): Promise<Grammar>;
  dispose(): Promise<void>;
};
type HistoryItem = { type: 'system' | 'user'; text: string } | { type: 'model'; response: string[] };
type Chat = {
  chatWrapper: {
    generateContextState(options: { chatHistory: HistoryItem[] }): {
      contextText: { tokenize(tokenizer: object): unknown[] };
    };
  };
  generateResponse(
    history: HistoryItem[],
    options: object,
  ): Promise<{ response: string; metadata: { stopReason: string } }>;
};
type Library = {
  getLlama(options: object): Promise<Llama>;
  LlamaChat: new (options: object) => Chat;
};

/** Loads a GGUF file on the processor. @throws OperatorError where the file or the module cannot be loaded. */
export async function loadModel(options: LoadOptions): Promise<ChatModel> {
  const { path, signal } = options;
  const problems: string[] = [];
  try {
    const library = (await import(pathToFileURL(join(options.module, 'dist', 'index.js')).href)) as Library;
    const llama = await library.getLlama({
      gpu: false,
      build: 'never',
      progressLogs: false,
      maxThreads: options.threads,
      logger: (level: string, message: string) => {
        if (level === 'error' || level === 'fatal') problems.push(message.trim());
      },
    });
    const model = await llama.loadModel({
      modelPath: path,
      loadSignal: signal,
      onLoadProgress: options.onProgress,
    });
    const contextTokens = Math.min(options.contextTokens, model.trainContextSize);
    const context = await model.createContext({
      contextSize: contextTokens,
      threads: options.threads,
      sequences: 1,
      createSignal: signal,
    });
    const sequence = context.getSequence();
    const loaded: Loaded = {
      llama,
      model,
      sequence,
      chat: new library.LlamaChat({ contextSequence: sequence }),
      contextTokens,
    };
    return toChatModel(basename(path).replace(/\.gguf$/i, ''), loaded);
  } catch (error) {
    signal.throwIfAborted();
    const details = [...new Set(problems)].slice(-3).join('; ') || messageOf(error);
    throw new OperatorError(`${path} could not be loaded: ${details}`, { cause: error });
  }
}

/** A batch of tokens that is being computed cannot be interrupted; the process may end before it. */
const MAX_CLOSE_MS = 3_000;

type Loaded = { llama: Llama; model: Model; sequence: Sequence; chat: Chat; contextTokens: number };

function toChatModel(name: string, loaded: Loaded): ChatModel {
  let last: Promise<unknown> = Promise.resolve();
  return {
    name,
    contextTokens: loaded.contextTokens,
    complete: (request, signal) => {
      const turn = last.then(() => {
        signal.throwIfAborted();
        return complete(loaded, request, signal);
      });
      last = turn.catch(() => undefined);
      return turn;
    },
    close: async () => {
      await Promise.race([last.then(() => loaded.llama.dispose()), sleep(MAX_CLOSE_MS)]);
    },
  };
}

async function complete(
  loaded: Loaded,
  request: CompletionRequest,
  signal: AbortSignal,
): Promise<Completion> {
  const { chat, sequence, model, contextTokens } = loaded;
  const history = toHistory(request.messages);
  const promptTokens = chat.chatWrapper
    .generateContextState({ chatHistory: history })
    .contextText.tokenize(model.tokenizer).length;
  const room = contextTokens - promptTokens - 1;
  if (room < 1)
    throw new CompletionRefusal(
      'context_length_exceeded',
      'messages',
      `The maximum context length is ${contextTokens} tokens; the messages have ${promptTokens}.`,
    );
  const grammar = await makeGrammar(loaded.llama, request.form);
  const before = sequence.tokenMeter.usedOutputTokens;
  const { response, metadata } = await chat.generateResponse(history, {
    signal,
    maxTokens: Math.min(request.maxTokens ?? room, room),
    temperature: request.temperature,
    ...(request.seed !== undefined && { seed: request.seed }),
    ...(request.stop.length > 0 && { customStopTriggers: request.stop }),
    ...(grammar && { grammar }),
    repeatPenalty: false,
  });
  return {
    text: response,
    finishReason: metadata.stopReason === 'maxTokens' ? 'length' : 'stop',
    promptTokens,
    completionTokens: sequence.tokenMeter.usedOutputTokens - before,
  };
}

/** The last item is the response that the model is to write. */
function toHistory(messages: ChatMessage[]): HistoryItem[] {
  const items = messages.map(
    ({ role, text }): HistoryItem =>
      role === 'assistant' ? { type: 'model', response: [text] } : { type: role, text },
  );
  return [...items, { type: 'model', response: [] }];
}

async function makeGrammar(llama: Llama, form: CompletionRequest['form']): Promise<Grammar | undefined> {
  if (form.type === 'text') return undefined;
  if (form.type === 'json') return llama.getGrammarFor('json');
  try {
    return await llama.createGrammarForJsonSchema(form.schema);
  } catch (error) {
    throw new CompletionRefusal(
      'invalid_value',
      'response_format',
      `The schema cannot be followed: ${messageOf(error)}`,
    );
  }
}
