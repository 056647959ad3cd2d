import { AppError, messageOf, OperatorError } from '#lib/errors.ts';

/** Turns an error of Postgres or the file system into one sentence about the cluster's directory. */
export function describeFailure(error: unknown, directory: string): AppError {
  if (error instanceof AppError) return error;
  const text = messageOf(error);
  const sentence = sentences.find(([pattern]) => pattern.test(text))?.[1](directory);
  return new OperatorError(sentence ?? unknown(text, directory), { cause: error });
}

const sentences: [RegExp, (directory: string) => string][] = [
  [
    /No space left on device|check free disk space|ENOSPC|EDQUOT|disk quota exceeded/i,
    (directory) => `The disk that holds ${directory} is full. Free some space and start again.`,
  ],
  [
    /EROFS|Read-only file system/i,
    (directory) =>
      `${directory} is on a read-only file system. Set DATA_DIR to a directory that can be written.`,
  ],
  [
    /EACCES|EPERM|Permission denied|Operation not permitted/i,
    (directory) =>
      `The embedded Postgres has no permission for ${directory}. Grant it to this user, or set DATA_DIR.`,
  ],
  [
    /could not (create|map) .*shared memory|Cannot allocate memory/i,
    () => 'There is too little memory for the embedded Postgres. Close other programs and start again.',
  ],
];

function unknown(text: string, directory: string): string {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
  const reason = lines.find((line) => /FATAL|PANIC|error:/.test(line)) ?? lines.at(-1) ?? 'no reason given';
  return `The embedded Postgres in ${directory} did not start: ${reason.replace(/^.*?(FATAL|PANIC|error): */, '')}`;
}
