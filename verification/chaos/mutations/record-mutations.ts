import { integer } from '#lib/random.ts';
import { linesOf, type Mutation } from './mutation.ts';

/** Replaces a part of a line. @throws Error if the line has no such part. */
function replacePart(line: string, part: RegExp, replacement: string): string {
  if (!part.test(line)) throw new Error(`${line} has no ${part}`);
  return line.replace(part, () => replacement);
}

/** Damage to the text of one record, after which it must be quarantined. */
const damages: Readonly<Record<string, (line: string) => string | Buffer>> = {
  null_escape: (line) => replacePart(line, /"gk_id":"/, '"gk_id":"\\u0000'),
  lone_surrogate: (line) => replacePart(line, /"gk_id":"/, '"gk_id":"\\ud83c'),
  not_a_number: (line) => replacePart(line, /"location_id":\d/, '"location_id":NaN'),
  huge_exponent: (line) => replacePart(line, /"sequence":/, '"extra":1e400,"sequence":'),
  deep_nesting: (line) =>
    replacePart(line, /"sequence":/, `"extra":${'['.repeat(10_000)}${']'.repeat(10_000)},"sequence":`),
  null_byte: (line) => replacePart(line, /"gk_id":"/, '"gk_id":"\0'),
  invalid_utf8: (line) => {
    const [before = '', after = ''] = line.split('"gk_id":"');
    return Buffer.concat([Buffer.from(`${before}"gk_id":"`), Buffer.from([0xff, 0xc3]), Buffer.from(after)]);
  },
  sequence_as_text: (line) => replacePart(line, /"sequence":\d+/, '"sequence":"first"'),
  negative_sequence: (line) => replacePart(line, /"sequence":\d+/, '"sequence":-1'),
  unknown_type: (line) => replacePart(line, /"event_type":"\w+"/, '"event_type":"order_teleported"'),
  no_order_id: (line) => replacePart(line, /"order_id":"[^"]+",/, ''),
  empty_event_id: (line) => replacePart(line, /"event_id":"[^"]+"/, '"event_id":""'),
  leap_second: (line) => replacePart(line, /"ts":"[^"]+"/, '"ts":"2016-12-31 23:59:60"'),
  time_as_number: (line) => replacePart(line, /"ts":"[^"]+"/, '"ts":1790000'),
  far_future: (line) => replacePart(line, /"ts":"[^"]+"/, '"ts":"2099-01-01 00:00:00"'),
  negative_price: (line) => replacePart(line, /\\"price\\":[\d.]+/, '\\"price\\":-1'),
  fraction_of_a_cent: (line) => replacePart(line, /\\"price\\":[\d.]+/, '\\"price\\":1.001'),
  billion_quantity: (line) => replacePart(line, /\\"qty\\":\d/, '\\"qty\\":1000000000'),
  no_items: (line) => replacePart(line, /\\"items\\":\[.*\]/, '\\"items\\":[]'),
  body_is_no_json: (line) => replacePart(line, /"body":".*"/, '"body":"{half"'),
  scalar_record: () => '42',
  array_record: () => '["not", "an", "event"]',
  garbage: () => '}{][,:"',
};

/** Each damage as a mutation of a file: one record is damaged, the others must be ingested. */
export const recordMutations: Readonly<Record<string, Mutation>> = Object.fromEntries(
  Object.entries(damages).map(([name, damage]) => [name, onOneRecord(damage)]),
);

function onOneRecord(damage: (line: string) => string | Buffer): Mutation {
  return (events, random) => {
    // The creation of an order has every part that can be damaged.
    const created = events.findIndex(({ event_type }) => event_type === 'order_created');
    const lines: (string | Buffer)[] = linesOf(events);
    lines[created] = damage(`${lines[created]}`);
    const order = integer(random, 0, 1) === 0 ? lines : lines.toReversed();
    return {
      bytes: Buffer.concat(order.flatMap((line) => [Buffer.from(line), Buffer.from('\n')])),
      expected: events.filter((_, n) => n !== created),
      quarantines: true,
    };
  };
}
