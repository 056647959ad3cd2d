import { sql } from 'drizzle-orm/sql';
import { auditContext, setAuditContext } from '#db/audit-context.ts';
import { type Connection, type Database, inTransaction, type Pool } from '#db/client.ts';
import { json, named, nullable, text, timestamp } from '#db/columns.ts';
import { statement } from '#db/statement.ts';
import { AppError, ConflictError, ForbiddenError, NotFoundError, ValidationError } from '#lib/errors.ts';
import { addPolicy, getPolicy } from './policies.ts';

/** Who changes the policy, by the address or id of an account, and why; `requestId` goes into the audit log. */
export type PolicyChange = { by: string; note: string; requestId?: string };

/** The values that differ between two versions, by their paths in the rules. */
export type PolicyDifference = Record<string, { from: unknown; to: unknown }>;

/** A draft that waits for its publication. */
export type PolicyDraft = { version: string; author: string; difference: PolicyDifference };

/** `replaced` is the version that was active until then. */
export type Publication = { version: string; publishedBy: string; replaced: string } & Pick<
  PolicyDraft,
  'author' | 'difference'
>;

const setContext = statement({
  params: { context: auditContext },
  returns: {},
  sql: ({ context }) => sql`select ${setAuditContext(context)}`,
});

const insertDraft = statement({
  params: { version: text, author: text, note: text, now: timestamp },
  returns: { author: text },
  sql: ({ version, author, note, now }) => sql`
    insert into recommender.policy_drafts (version, author, note, created_at)
    values (${version}, ${author}, ${note}, ${now})
    returning author`,
});

/**
 * Proposes a version of the policy to a second person: new rules, which are stored under the version that they name, or
 * a version that is stored already. The rules of drafts are those of the database
 * (db/sql/recommender/check_draft.sql).
 * @param proposal.name says where the rules come from. @throws OperatorError where the rules or the version are not
 * valid, ForbiddenError where the person may not write drafts, ConflictError where the version is active or has a draft
 * that waits, ValidationError for a missing note.
 */
export async function draftPolicy(
  db: Database,
  proposal: { version: string } | { rules: unknown; name: string },
  change: PolicyChange,
  now: Date,
): Promise<PolicyDraft> {
  const note = requireNote(change.note);
  return changePolicy(db, change, async (connection) => {
    const { version } =
      'version' in proposal
        ? await getPolicy(connection, proposal.version)
        : await addPolicy(connection, proposal.rules, proposal.name);
    const [draft] = await insertDraft(connection, { version, author: change.by, note, now });
    if (!draft) throw new Error('an inserted draft is always returned');
    const { version: active } = await getPolicy(connection);
    const difference = await comparePolicies(connection, active, version);
    return { version, author: draft.author, difference };
  });
}

const findOpenDraft = statement({
  params: { version: text },
  returns: { id: text, author: text },
  sql: ({ version }) => sql`
    select id::text as id, author from recommender.open_drafts where version = ${version}`,
});

const insertPublication = statement({
  params: { version: text, draftId: text, publishedBy: text, note: text, now: timestamp },
  returns: { publishedBy: text, replaced: named('replaces', nullable(text)) },
  sql: ({ version, draftId, publishedBy, note, now }) => sql`
    insert into recommender.policy_activations (version, draft_id, published_by, note, activated_at)
    values (${version}, ${draftId}::bigint, ${publishedBy}, ${note}, ${now})
    returning published_by, replaces`,
});

/**
 * Publishes the draft of a version, which scores from now on; existing recommendations stay. It waits for the batch that
 * is being scored. The rules are those of the database (db/sql/recommender/check_publication.sql): a lead or an admin
 * publishes, and not their own draft, unless no other person may publish.
 * @throws NotFoundError where no draft of the version waits, ForbiddenError where the person may not publish it,
 * ConflictError where another has just published it, OperatorError where its rules are not valid, ValidationError for a
 * missing note.
 */
export async function publishPolicy(
  db: Database,
  version: string,
  change: PolicyChange,
  now: Date,
): Promise<Publication> {
  const note = requireNote(change.note);
  return changePolicy(db, change, async (connection) => {
    const [draft] = await findOpenDraft(connection, { version });
    if (!draft)
      throw new NotFoundError(`No draft of the policy ${version} waits. See recommend policy list.`);
    await getPolicy(connection, version);
    const row = { version, draftId: draft.id, publishedBy: change.by, note, now };
    const [published] = await insertPublication(connection, row);
    if (!published?.replaced) throw new Error('a publication always replaces a version');
    const difference = await comparePolicies(connection, published.replaced, version);
    return { ...published, replaced: published.replaced, version, author: draft.author, difference };
  });
}

const findDifference = statement({
  params: { from: text, to: text },
  returns: { difference: json<PolicyDifference>() },
  sql: ({ from, to }) => sql`select recommender.policy_difference(${from}, ${to}) as difference`,
});

/** The values that change from one stored version to another. @throws OperatorError where there is no such version. */
export async function comparePolicies(
  runner: Connection | Pool,
  from: string,
  to: string,
): Promise<PolicyDifference> {
  for (const version of [from, to]) await getPolicy(runner, version);
  const [row] = await findDifference(runner, { from, to });
  if (!row) throw new Error('a difference is always one row');
  return row.difference;
}

/** Runs `work` in one transaction whose audit entries name the request. */
async function changePolicy<Result>(
  db: Database,
  { by, requestId }: PolicyChange,
  work: (connection: Connection) => Promise<Result>,
): Promise<Result> {
  try {
    return await inTransaction(db.pool, async (connection) => {
      await setContext(connection, { context: { actor: by, ...(requestId && { requestId }) } });
      return work(connection);
    });
  } catch (error) {
    throw explainRule(error, by);
  }
}

function requireNote(note: string): string {
  const trimmed = note.trim();
  if (trimmed.length >= 1 && trimmed.length <= 2000) return trimmed;
  throw new ValidationError('note', 'Say why in a note of 1 to 2,000 characters.');
}

/** The sentence for a rule of the database that refused a draft or a publication. */
function explainRule(error: unknown, by: string): unknown {
  if (error instanceof AppError) return error;
  const { constraint = '' } = error as { constraint?: string };
  switch (constraint) {
    case 'policy_person':
      return new ForbiddenError(`${by} is not the e-mail address or id of an active account.`);
    case 'policy_role':
      return new ForbiddenError(
        'Drafts are written by reviewers, leads and admins, and published by leads and admins.',
      );
    case 'policy_second_person':
      return new ForbiddenError(`${by} wrote this draft: another lead or admin must publish it.`);
    case 'policy_active':
      return new ConflictError('policy_active', 'This version is the active policy already.', null);
    case 'policy_drafted':
      return new ConflictError(
        'policy_drafted',
        'A draft of this version waits already: it can be published.',
        null,
      );
    case 'policy_draft':
    case 'policy_activations_draft_id_key':
      return new ConflictError('policy_draft', 'Another person has just published this draft.', null);
    default:
      return error;
  }
}
