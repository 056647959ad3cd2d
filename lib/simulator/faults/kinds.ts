import { UsageError } from '#lib/errors.ts';

/** What can befall an event on its way, in the order in which chance is asked. */
export const faultKinds = {
  'null-field': 'a field of the envelope or the body is null',
  'wrong-type': 'a field has a value of another type',
  'truncated-json': 'the line ends in the middle',
  duplicate: 'the event comes a second time, up to half an hour later',
  'out-of-order': 'the event comes up to an hour late, inside the watermark',
  late: 'the event comes so late that it is beyond the watermark',
  missing: 'the event never comes',
  'unknown-type': 'the event_type is none of the eight',
  'negative-price': 'an item of the order has a price below zero',
} as const;

export type FaultKind = keyof typeof faultKinds;

/** The share of events that each kind befalls, from 0 to 1; `negative-price` is a share of the orders. */
export type FaultRates = Partial<Record<FaultKind, number>>;

const names = Object.keys(faultKinds) as FaultKind[];

/** Reads `name=rate`, several of them. @throws UsageError for an unknown name, a bad rate, or more than one event in all. */
export function parseFaultRates(texts: string[]): FaultRates {
  const rates = Object.fromEntries(texts.map(parseFaultRate));
  const sum = Object.values(rates).reduce((total, rate) => total + rate, 0);
  if (sum > 1)
    throw new UsageError(
      `The faults add up to ${sum}, but an event has at most one: give rates up to 1 in all.`,
    );
  return rates;
}

function parseFaultRate(text: string): [FaultKind, number] {
  const [name = '', rate = ''] = text.split('=');
  const kind = names.find((each) => each === name);
  if (!kind) throw new UsageError(`There is no fault "${name}". Choose one of ${names.join(', ')}.`);
  const value = /^\d*\.?\d+$/.test(rate) ? Number(rate) : Number.NaN;
  if (!(value >= 0 && value <= 1))
    throw new UsageError(
      `The rate of ${name} is "${rate}", but must be a share from 0 to 1 such as ${name}=0.01.`,
    );
  return [kind, value];
}

/** Which kind befalls an event, where `point` is uniform in [0, 1); those that cannot befall it leave it whole. */
export function drawFault(rates: FaultRates, point: number, isOrder: boolean): FaultKind | undefined {
  let left = point;
  for (const kind of names) {
    left -= rates[kind] ?? 0;
    if (left < 0) return kind === 'negative-price' && !isOrder ? undefined : kind;
  }
  return undefined;
}
