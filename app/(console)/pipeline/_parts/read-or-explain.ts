import { BusyError, ForbiddenError } from '#lib/errors.ts';

/** What a read of the lakehouse gives, or why it cannot be read, in words for the screen. */
export async function readOrExplain<Result>(read: Promise<Result>): Promise<Result | string> {
  try {
    return await read;
  } catch (error) {
    if (error instanceof BusyError || error instanceof ForbiddenError) return error.message;
    throw error;
  }
}
