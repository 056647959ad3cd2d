import type { Connection } from '#db/client.ts';

/** Why sessions end that would have gone on. */
export type Ending =
  | 'sign_out'
  | 'signed_in_anew'
  | 'revoked'
  | 'disabled'
  | 'role_lowered'
  | 'password_changed'
  | 'password_reset';

/** Says for the transaction of `connection` why the sessions that it deletes end: the database audits each. */
export async function nameEnding(connection: Connection, why: Ending): Promise<void> {
  await connection.query(`select set_config('caspers.ending', $1, true)`, [why]);
}
