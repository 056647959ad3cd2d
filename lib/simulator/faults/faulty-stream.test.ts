import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { OrderEvent } from '#lib/contract/event.ts';
import { openEventStream } from '../lifecycle/event-stream.ts';
import { buildTestModel } from '../location/location-model.testing.ts';
import { createDisruptions } from '../scenarios/disruptions.ts';
import { type FaultKind, faultKinds } from './fault-kinds.ts';
import type { FaultPlan } from './fault-plan.ts';
import { type FaultyWindow, openFaultyStream } from './faulty-stream.ts';

const HOUR = 3_600_000;
const from = Date.parse('2026-03-06T18:00:00Z');
const to = from + 72 * HOUR;
const model = buildTestModel('portland', { start: '2026-03-06T18:00:00Z' });
const open = (position: number) => openEventStream(model, position);
const kinds = Object.keys(faultKinds) as FaultKind[];
const all = Object.fromEntries(kinds.map((kind) => [kind, 0.05]));
const plan: FaultPlan = { seed: 1, dq: {}, ratesAt: () => all, duplicatesAt: () => undefined };
const sound = open(from).take(to);
const byId = new Map(sound.map((event) => [event.event_id, event]));
const whole = openFaultyStream(open, plan, from).take(to);

const faultsOf = ({ faults }: FaultyWindow, kind: FaultKind) => faults.filter(({ fault }) => fault === kind);
const read = (line: string | undefined): Record<string, unknown> => JSON.parse(line ?? '');
const bodyOf = (event: Record<string, unknown>) => JSON.parse(String(event.body));

test('the content does not depend on the windows, also when the stream is reopened at each', () => {
  const cuts = fc.array(fc.integer({ min: from + 1, max: to - 1 }), { maxLength: 8 });
  fc.assert(
    fc.property(cuts, fc.boolean(), (instants, reopen) => {
      const ends = [...new Set(instants)].sort((one, other) => one - other).concat(to);
      let stream = openFaultyStream(open, plan, from);
      const windows = ends.map((end, index) => {
        if (reopen && index > 0) stream = openFaultyStream(open, plan, ends[index - 1] ?? from);
        return stream.take(end);
      });
      expect(windows.flatMap(({ lines }) => lines)).toEqual(whole.lines);
    }),
    { numRuns: 6 },
  );
});

test('each kind is applied to about the requested share of events', () => {
  for (const kind of kinds) {
    const possible =
      kind === 'negative-price' ? sound.filter(({ sequence }) => sequence === 0).length : sound.length;
    const found = faultsOf(whole, kind).length;
    const deviation = Math.sqrt(possible * 0.05 * 0.95);
    expect(Math.abs(found - possible * 0.05), kind).toBeLessThan(4 * deviation + (kind === 'late' ? 60 : 0));
  }
});

test('each line is as its manifest says', () => {
  const faultyLines = new Set(whole.faults.map(({ line }) => line));
  const unchanged = whole.lines.filter((_, index) => !faultyLines.has(index + 1));
  expect(
    unchanged.every((line) => JSON.stringify(byId.get(String(read(line).event_id))) === line.trim()),
  ).toBe(true);
  for (const { fault, line, event_id, field = '', delay_ms = 0 } of whole.faults) {
    const text = whole.lines[(line ?? 0) - 1];
    const event = byId.get(event_id) as OrderEvent;
    switch (fault) {
      case 'missing':
        expect(line).toBe(null);
        break;
      case 'truncated-json':
        expect(() => read(text)).toThrow();
        break;
      case 'unknown-type':
        expect(sound.map(({ event_type }) => String(event_type))).not.toContain(read(text).event_type);
        break;
      case 'negative-price':
        expect(bodyOf(read(text)).items.some(({ price }: { price: number }) => price < 0)).toBe(true);
        break;
      case 'null-field':
        expect(field.startsWith('body.') ? bodyOf(read(text))[field.slice(5)] : read(text)[field]).toBe(null);
        break;
      case 'wrong-type':
        expect(read(text)[field]).not.toEqual(event[field as keyof OrderEvent]);
        break;
      case 'out-of-order':
        expect(delay_ms).toBeGreaterThanOrEqual(60_000);
        expect(delay_ms).toBeLessThanOrEqual(HOUR);
        break;
      default:
        expect(text?.trim()).toBe(JSON.stringify(event));
    }
  }
});

test('a missing event is in no line, a duplicate in two, all others in one', () => {
  const counts = new Map<string, number>();
  const dropped = ['missing', 'truncated-json', 'wrong-type', 'null-field', 'unknown-type', 'negative-price'];
  const changed = new Set(
    whole.faults.filter(({ fault }) => dropped.includes(fault)).map((each) => each.line),
  );
  whole.lines.forEach((line, index) => {
    if (changed.has(index + 1)) return;
    const id = String(read(line).event_id);
    counts.set(id, (counts.get(id) ?? 0) + 1);
  });
  const twice = new Set(faultsOf(whole, 'duplicate').map(({ event_id }) => event_id));
  for (const [id, count] of counts) expect(count).toBe(twice.has(id) ? 2 : 1);
  for (const { event_id } of faultsOf(whole, 'missing')) expect(counts.has(event_id)).toBe(false);
});

test('the null rates of the config apply to the named fields and no others', () => {
  const dq = { order_created: { customer_addr: 0.5, gk_id: 0.5 }, delivered: { delivered_lat: 1 } };
  const { faults, lines } = openFaultyStream(open, { ...plan, dq, ratesAt: () => ({}) }, from).take(to);
  expect(new Set(faults.map(({ fault, field }) => `${fault} ${field}`))).toEqual(
    new Set([
      'null-field body.customer_addr',
      'null-field gk_id',
      'null-field body.customer_addr,gk_id',
      'null-field body.delivered_lat',
    ]),
  );
  const delivered = lines.map(read).filter(({ event_type }) => event_type === 'delivered');
  expect(delivered.map((event) => bodyOf(event).delivered_lat).every((lat) => lat === null)).toBe(true);
});

test('duplicate-storm: every event in its time is repeated one to three times, and no other', () => {
  const [start, length] = [from + 30 * HOUR, 2 * HOUR];
  const storm = { name: 'duplicate-storm', start: new Date(start).toISOString(), length_ms: length } as const;
  const { duplicatesAt } = createDisruptions([storm]);
  const { lines, faults, events } = openFaultyStream(
    open,
    { ...plan, ratesAt: () => ({}), duplicatesAt },
    from,
  ).take(to);
  const counts = new Map<string, number>();
  for (const line of lines) counts.set(line, (counts.get(line) ?? 0) + 1);
  expect(counts.size).toBe(sound.length);
  expect(events).toBe(sound.length);
  for (const [line, count] of counts) {
    const at = Date.parse(`${String(read(line).ts).replace(' ', 'T')}Z`);
    const isInStorm = at >= start && at < start + length;
    expect(count - 1).toBeGreaterThanOrEqual(isInStorm ? 1 : 0);
    expect(count - 1).toBeLessThanOrEqual(isInStorm ? 3 : 0);
  }
  expect(faults.length).toBe(lines.length - sound.length);
  expect(new Set(faults.map(({ scenario }) => scenario))).toEqual(new Set(['duplicate-storm']));
});
