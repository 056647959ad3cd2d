/** An error whose message is written for the person who meets it: what happened, what was kept, what to do. */
export class AppError extends Error {
  readonly code: string;
  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
  }
}

/** The command was called wrongly; a script exits with 2. */
export class UsageError extends AppError {
  constructor(message: string) {
    super('usage', message);
  }
}

/** The surroundings are not as they must be (port in use, disk full, broken .env); a script exits with 1. */
export class OperatorError extends AppError {
  constructor(message: string, options?: ErrorOptions) {
    super('operator', message, options);
  }
}

/** The data breaks a rule that is to stop the work; nothing of it was kept. A script exits with 3. */
export class ExpectationFailedError extends AppError {
  constructor(message: string) {
    super('expectation_failed', message);
  }
}

/** The input of a person does not hold; `field` names the input at fault. */
export class ValidationError extends AppError {
  readonly field: string;
  constructor(field: string, message: string) {
    super('validation', message);
    this.field = field;
  }
}

/** Nobody is signed in, or the session has ended. */
export class UnauthenticatedError extends AppError {
  constructor(message = 'Sign in to continue.') {
    super('unauthenticated', message);
  }
}

/** The signed-in person may not do this. */
export class ForbiddenError extends AppError {
  constructor(message: string) {
    super('forbidden', message);
  }
}

/** No such thing. */
export class NotFoundError extends AppError {
  constructor(message: string) {
    super('not_found', message);
  }
}

/** Somebody or something else came first; `current` is what stands now. */
export class ConflictError<Current> extends AppError {
  readonly current: Current;
  constructor(code: string, message: string, current: Current) {
    super(code, message);
    this.current = current;
  }
}

/** The same may work in a moment; the message says whether anything was written. */
export class BusyError extends AppError {
  constructor(message: string, options?: ErrorOptions) {
    super('busy', message, options);
  }
}

/** Too many tries; `retryAfterSeconds` is when the next one counts. */
export class TooManyRequestsError extends AppError {
  readonly retryAfterSeconds: number;
  constructor(message: string, retryAfterSeconds: number) {
    super('too_many_requests', message);
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** The message of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Whether an error carries one of these codes, of the operating system or of Postgres. */
export function hasCode(error: unknown, ...codes: string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}
