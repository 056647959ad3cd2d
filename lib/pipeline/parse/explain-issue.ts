import type { z } from 'zod';
import { eventTypes } from '#lib/contract/event.ts';
import type { Rejection, Rule } from '../tables/bronze/rules.ts';

type Issue = z.core.$ZodIssue;

const envelopeRules: Readonly<Record<string, Rule>> = {
  event_type: 'unknown_event_type',
  ts: 'bad_timestamp',
  sequence: 'bad_sequence',
  body: 'bad_body',
};

const idRules: Readonly<Record<string, Rule>> = {
  event_id: 'missing_event_id',
  order_id: 'missing_order_id',
};

/** Turns an issue that the contract reports for an envelope into a rule and a sentence with the field and its value. */
export function explainEnvelope(issue: Issue, value: object): Rejection {
  const field = String(issue.path[0] ?? '');
  const found = valueAt(value, issue.path);
  const rule = envelopeRules[field] ?? 'bad_field';
  if ((found ?? '') === '' && idRules[field]) return { rule: idRules[field], reason: `${field} is missing` };
  if (found === undefined) return { rule, reason: `${field} is missing` };
  if (rule === 'unknown_event_type')
    return { rule, reason: `event_type ${show(found)} is none of ${eventTypes.join(', ')}` };
  if (rule === 'bad_timestamp') return { rule, reason: `ts ${show(found)} is not a timestamp` };
  return { rule, reason: `${field} ${show(found)}: ${issue.message}` };
}

/** The same for a body; its items have rules of their own. */
export function explainBody(issue: Issue, value: object): Rejection {
  const [first, , field] = issue.path;
  const found = valueAt(value, issue.path);
  if (first === 'items' && issue.code === 'too_big' && Array.isArray(found))
    return { rule: 'too_many_items', reason: `body.items has ${found.length} lines: ${issue.message}` };
  if (first === 'items' && issue.path.length === 1)
    return { rule: 'no_items', reason: `body.items ${show(found)}: an order needs at least one item` };
  return {
    rule: first === 'items' ? itemRule(field) : 'bad_body',
    reason: `body.${formatPath(issue.path)} ${show(found)}: ${issue.message}`,
  };
}

function itemRule(field: PropertyKey | undefined): Rule {
  if (field === 'qty') return 'bad_quantity';
  return field === 'price' ? 'bad_price' : 'bad_item';
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((inner, key) => (inner as Record<PropertyKey, unknown> | null)?.[key], value);
}

function formatPath(path: readonly PropertyKey[]): string {
  return path
    .map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
    .join('')
    .slice(1);
}

function show(value: unknown): string {
  if (value === undefined) return '(missing)';
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
