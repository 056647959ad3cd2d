import type { ActionError, ActionResult } from '#lib/auth/index.ts';

/** The code of an action that may or may not have reached the server: no answer came. */
export const NO_ANSWER = 'no_answer';

/** Calls a server action; a call without an answer comes back as an error value like every other. */
export async function callAction<Value>(
  action: () => Promise<ActionResult<Value>>,
): Promise<ActionResult<Value>> {
  return action().catch((): { ok: false; error: ActionError } => ({
    ok: false,
    error: {
      code: NO_ANSWER,
      message: 'No answer came from the console. Check the connection and try again.',
      requestId: '',
    },
  }));
}
