import type { Accounts } from './get-accounts.ts';

/** The two equations of what was taken, in words. @param waiting files that were not taken yet. */
export function describeAccounts(accounts: Accounts, waiting: number): { files: string; records: string } {
  const { files, copies, records, events, duplicates, quarantined, addsUp } = accounts;
  const same = copies > 0 ? `, ${count(copies)} of those taken are copies` : '';
  const sum = `${count(records)} = ${count(events)} events + ${count(duplicates)} duplicates + ${count(quarantined)} quarantined`;
  return {
    files: `${count(files + waiting)} = ${count(files)} taken + ${count(waiting)} waiting${same}`,
    records: addsUp ? sum : `${sum}; the tables hold otherwise: npm run pipeline -- check`,
  };
}

const count = (value: number) => value.toLocaleString('en-US');
