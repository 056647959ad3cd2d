import { UsageError } from '#lib/errors.ts';

/** The kinds of fault. A random number selects one by walking through them in this order. */
export const faultKinds = {
  'null-field': 'a field of the envelope or the body is null',
  'wrong-type': 'a field has a value of another type',
  'truncated-json': 'the line ends in the middle',
  duplicate: 'the event is sent a second time, up to half an hour later',
  'out-of-order': 'the event is sent up to an hour late, inside the watermark',
  late: 'the event is sent so late that it is beyond the watermark',
  missing: 'the event is never sent',
  'unknown-type': 'the event_type is not one of the eight',
  'negative-price': 'an item of the order has a negative price',
} as const;

export type FaultKind = keyof typeof faultKinds;

/** The share of events that get each kind of fault, from 0 to 1; `negative-price` is a share of the orders. */
export type FaultRates = Partial<Record<FaultKind, number>>;

export const faultKindNames = Object.keys(faultKinds) as [FaultKind, ...FaultKind[]];

/** Parses `name=rate` texts. @throws UsageError for an unknown name, an invalid rate, or a sum of more than 1. */
export function parseFaultRates(texts: string[]): FaultRates {
  const rates = Object.fromEntries(texts.map(parseFaultRate));
  const sum = Object.values(rates).reduce((total, rate) => total + rate, 0);
  if (sum > 1)
    throw new UsageError(
      `The fault rates add up to ${sum}, but an event has at most one fault: their sum must not exceed 1.`,
    );
  return rates;
}

function parseFaultRate(text: string): [FaultKind, number] {
  const [name = '', rate = ''] = text.split('=');
  const kind = faultKindNames.find((each) => each === name);
  if (!kind) throw new UsageError(`There is no fault "${name}". Choose one of ${faultKindNames.join(', ')}.`);
  const value = /^\d*\.?\d+$/.test(rate) ? Number(rate) : Number.NaN;
  if (!(value >= 0 && value <= 1))
    throw new UsageError(
      `The rate of ${name} is "${rate}", but must be a share from 0 to 1 such as ${name}=0.01.`,
    );
  return [kind, value];
}

/** The fault that an event gets, if any. `point` is uniform in [0, 1); `negative-price` applies only to orders. */
export function selectFault(rates: FaultRates, point: number, isOrder: boolean): FaultKind | undefined {
  let left = point;
  for (const kind of faultKindNames) {
    left -= rates[kind] ?? 0;
    if (left < 0) return kind === 'negative-price' && !isOrder ? undefined : kind;
  }
  return undefined;
}
