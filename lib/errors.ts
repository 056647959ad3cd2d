/** An error with a message for its reader: what happened, what was saved, what to do. */
export class AppError extends Error {
  readonly code: string;
  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
  }
}

/** Wrong usage of a command; a script exits with 2. */
export class UsageError extends AppError {
  constructor(message: string) {
    super('usage', message);
  }
}

/** A problem of the environment (port in use, disk full, invalid .env); a script exits with 1. */
export class OperatorError extends AppError {
  constructor(message: string, options?: ErrorOptions) {
    super('operator', message, options);
  }
}

/** The data violates a rule that stops the work; nothing was written. A script exits with 3. */
export class ExpectationFailedError extends AppError {
  constructor(message: string) {
    super('expectation_failed', message);
  }
}

/** Invalid input; `field` names the input. */
export class ValidationError extends AppError {
  readonly field: string;
  constructor(field: string, message: string) {
    super('validation', message);
    this.field = field;
  }
}

/** The request has no valid session. */
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

/** The requested thing does not exist. */
export class NotFoundError extends AppError {
  constructor(message: string) {
    super('not_found', message);
  }
}

/** The state was changed by another request; `current` is the state now. */
export class ConflictError<Current> extends AppError {
  readonly current: Current;
  constructor(code: string, message: string, current: Current) {
    super(code, message);
    this.current = current;
  }
}

/** A temporary failure. The request may be retried; the message says whether anything was written. */
export class BusyError extends AppError {
  constructor(message: string, options?: ErrorOptions) {
    super('busy', message, options);
  }
}

/** Too many attempts; the next one is accepted after `retryAfterSeconds`. */
export class TooManyRequestsError extends AppError {
  readonly retryAfterSeconds: number;
  constructor(message: string, retryAfterSeconds: number) {
    super('too_many_requests', message);
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** The message of a thrown value. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Whether an error has one of these codes of the operating system or Postgres. */
export function hasCode(error: unknown, ...codes: string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}
