import { afterAll, beforeAll, expect, test } from 'vitest';
import { connect } from '#db/client.ts';
import { withDatabase } from '#db/maintenance.ts';
import { createTestDatabase, type TestDatabase } from '#db/testing.ts';
import { describeAgreement } from './describe-run.ts';
import { measureAgreement } from './people.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

/** Writes a decision as it is stored, past the rules that need a whole case. */
async function decide(orderId: string, amount: string, suggestion: object, kind = 'decision'): Promise<void> {
  await database.pool.query(
    `
    begin;
    set local session_replication_role = replica;
    insert into refunds.refund_decisions
      (order_id, kind, amount_usd, refund_class, reason, decided_by, order_total_usd, recommendation_id,
       source_suggestion, supersedes_id, idempotency_key, request_hash)
    select
      '${orderId}', '${kind}', ${amount}, case when ${amount} = 0 then 'none' else 'partial' end, 'Because.', 'a@b.test',
      20, 1, '${JSON.stringify(suggestion)}',
      (select max(id) from refunds.refund_decisions where order_id = '${orderId}'),
      'key-${orderId}-${kind}', 'hash';
    commit`,
  );
}

test('without decisions, or in a database of something else, there is no agreement', async () => {
  expect(await measureAgreement(database)).toEqual([]);
  expect(describeAgreement([])).toContain('there are none');
  const other = connect({ url: withDatabase(database.url, 'postgres'), applicationName: 'test' });
  expect(await measureAgreement(other).finally(() => other.close())).toEqual([]);
});

test('decisions in force are compared with refusal, the policy and the agent', async () => {
  const byPolicy = { source: 'policy', refund_class: 'partial', refund_usd: 5, evidence: {} };
  const byAgent = {
    source: 'agent',
    refund_class: 'partial',
    refund_usd: 5,
    evidence: { agent: { policy_answer: { refund_class: 'partial', refund_usd: '3.00' } } },
  };
  await decide('A', '5.00', byPolicy);
  await decide('B', '3.25', byAgent);
  await decide('C', '0.00', byPolicy);
  await decide('D', '9.00', byPolicy);
  await decide('D', '0.00', byPolicy, 'undo');
  const agreements = await measureAgreement(database);
  expect(agreements).toEqual([
    { scorer: 'policy', decisions: 3, agreed: 1, tooMuch: 500, tooLittle: 25 },
    { scorer: 'none', decisions: 3, agreed: 1, tooMuch: 0, tooLittle: 825 },
    { scorer: 'agent as suggested', decisions: 1, agreed: 0, tooMuch: 175, tooLittle: 0 },
  ]);
  expect(describeAgreement(agreements)).toMatch(/policy +3 +33\.3 % +\$5\.00 +\$0\.25/);
});
