import { afterAll, beforeEach, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#db/testing.ts';
import { policyV2, readRules } from './policies.testing.ts';
import { getPolicy, listPolicies } from './policies.ts';
import { comparePolicies, draftPolicy, publishPolicy } from './publications.ts';

let database: TestDatabase;
beforeEach(async () => {
  await database?.close();
  database = await createTestDatabase();
  for (const [name, role] of people)
    await database.pool.query(
      `insert into auth."user" (id, name, email, email_verified, role, created_at, updated_at)
       values ($1, $1, $1 || '@example.com', true, $2, now(), now())`,
      [name, role],
    );
});
afterAll(() => database.close());

const people = [
  ['vera', 'viewer'],
  ['rene', 'reviewer'],
  ['lea', 'lead'],
  ['liv', 'lead'],
  ['ada', 'admin'],
] as const;
const now = new Date('2026-11-20T12:00:00Z');
const v2 = { version: 'v2' };
const by = (name: string, note = 'because') => ({ by: `${name}@example.com`, note });
const audited = async () => {
  const { rows } = await database.pool.query(
    `select actor, action, subject, detail from auth.audit_log where action like 'policy_%' order by seq`,
  );
  return rows;
};
const difference = {
  cap_usd: { from: null, to: 40 },
  description: expect.anything(),
  grace_minutes: { from: 0, to: 5 },
  'promise.base_minutes': { from: null, to: 30 },
  'promise.unknown_preparation_minutes': { from: null, to: 12 },
};

test('a new installation has the built-in policy, published by the system', async () => {
  expect(await audited()).toEqual([
    {
      actor: 'system',
      action: 'policy_published',
      subject: 'v1',
      detail: expect.objectContaining({ note: 'the built-in policy, published by the system' }),
    },
  ]);
  const policies = await listPolicies(database);
  expect(policies.find(({ isActive }) => isActive)).toMatchObject({
    version: 'v1',
    publishedBy: 'system',
    author: null,
  });
});

test('a draft scores nothing; a second person publishes it, and both are audited with the difference', async () => {
  await draftPolicy(database, v2, by('rene', ' five minutes '), now);
  expect((await getPolicy(database.pool)).version).toBe('v1');
  expect((await listPolicies(database))[0]).toMatchObject({
    draftedBy: 'rene@example.com',
    draftNote: 'five minutes',
    publishedTs: null,
  });
  // An account is also named by its id, and an address in any case.
  const published = await publishPolicy(database, 'v2', { by: 'lea', note: 'agreed' }, now);
  expect(published).toEqual({
    version: 'v2',
    publishedBy: 'lea@example.com',
    author: 'rene@example.com',
    replaced: 'v1',
    difference,
  });
  expect(await getPolicy(database.pool)).toEqual(policyV2);
  expect((await audited()).slice(1)).toEqual([
    {
      actor: 'rene@example.com',
      action: 'policy_drafted',
      subject: 'v2',
      detail: { draft_id: 1, note: 'five minutes', active: 'v1', difference },
    },
    {
      actor: 'lea@example.com',
      action: 'policy_published',
      subject: 'v2',
      detail: {
        draft_id: 1,
        author: 'rene@example.com',
        draft_note: 'five minutes',
        note: 'agreed',
        by_one_person: false,
        replaces: 'v1',
        difference,
      },
    },
  ]);
});

test('only another lead or admin with an active account publishes a draft', async () => {
  await draftPolicy(database, v2, by('LEA'), now);
  const refusals = {
    vera: 'published by leads and admins',
    rene: 'published by leads and admins',
    eve: 'eve@example.com is not the e-mail address or id of an active account',
    lea: 'lea@example.com wrote this draft: another lead or admin must publish it',
  };
  for (const [name, message] of Object.entries(refusals))
    await expect(publishPolicy(database, 'v2', by(name), now)).rejects.toThrow(message);
  expect(await audited()).toHaveLength(2);
  expect((await getPolicy(database.pool)).version).toBe('v1');
});

test('a viewer and a deactivated person write no drafts', async () => {
  await database.pool.query(`update auth."user" set disabled_at = now() where id = 'liv'`);
  await expect(draftPolicy(database, v2, by('vera'), now)).rejects.toThrow('Drafts are written by reviewers');
  await expect(draftPolicy(database, v2, by('liv'), now)).rejects.toThrow('not the e-mail address or id');
});

test('an author publishes their own draft where no other person may, and the audit says so', async () => {
  await draftPolicy(database, v2, by('lea'), now);
  await database.pool.query(`update auth."user" set disabled_at = now() where id in ('liv', 'ada')`);
  await publishPolicy(database, 'v2', by('lea'), now);
  expect((await audited()).at(-1)?.detail).toMatchObject({ by_one_person: true });
});

test.each(['', '  ', 'x'.repeat(2001)])(
  'a change needs a note of 1 to 2,000 characters: %j',
  async (note) => {
    await expect(draftPolicy(database, v2, by('lea', note), now)).rejects.toMatchObject({ field: 'note' });
    await draftPolicy(database, v2, by('lea'), now);
    await expect(publishPolicy(database, 'v2', by('ada', note), now)).rejects.toMatchObject({
      field: 'note',
    });
  },
);

test('what is active or waits cannot be drafted, and what is not drafted cannot be published', async () => {
  await expect(draftPolicy(database, { version: 'v1' }, by('lea'), now)).rejects.toThrow('active policy');
  await expect(publishPolicy(database, 'v2', by('lea'), now)).rejects.toThrow('No draft of the policy v2');
  await draftPolicy(database, v2, by('lea'), now);
  await expect(draftPolicy(database, v2, by('liv'), now)).rejects.toThrow('waits already');
  await expect(draftPolicy(database, { version: 'v9' }, by('lea'), now)).rejects.toThrow('no policy v9');
});

test('a former version is published again by a new draft, with the difference back', async () => {
  await draftPolicy(database, v2, by('lea'), now);
  await publishPolicy(database, 'v2', by('ada'), now);
  await draftPolicy(database, { version: 'v1' }, by('ada', 'too little'), now);
  const back = await publishPolicy(database, 'v1', by('liv'), now);
  expect(back).toMatchObject({ replaced: 'v2', difference: { grace_minutes: { from: 5, to: 0 } } });
  expect((await getPolicy(database.pool)).version).toBe('v1');
});

test('new rules are stored with their draft, or not at all', async () => {
  const rules = { ...(readRules('v1') as object), version: 'mine', minimum_sample: 40 };
  const proposal = { rules, name: 'mine.json' };
  await expect(draftPolicy(database, proposal, by('vera'), now)).rejects.toThrow('Drafts are written');
  expect(await listPolicies(database)).toHaveLength(2);
  await draftPolicy(database, proposal, by('lea'), now);
  expect(await comparePolicies(database.pool, 'v1', 'mine')).toEqual({
    minimum_sample: { from: 30, to: 40 },
  });
  await database.pool.query(`insert into recommender.policies values ('broken', '{"version": "broken"}')`);
  await expect(draftPolicy(database, { version: 'broken' }, by('lea'), now)).rejects.toThrow(
    'broken is invalid',
  );
});

test('of a hundred concurrent publications of a draft one is made', async () => {
  await draftPolicy(database, v2, by('rene'), now);
  const tried = await Promise.allSettled(
    Array.from({ length: 100 }, (_, n) => publishPolicy(database, 'v2', by(n % 2 ? 'lea' : 'ada'), now)),
  );
  expect(tried.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  for (const one of tried)
    if (one.status === 'rejected') expect(String(one.reason)).toMatch(/just published|No draft/);
  expect((await audited()).filter(({ subject }) => subject === 'v2')).toHaveLength(2);
});
