import { integer } from '#lib/random.ts';
import { linesOf, type Mutation } from './mutation.ts';

/** Replaces a part of a line that must be there. */
function swap(line: string, part: RegExp, by: string): string {
  if (!part.test(line)) throw new Error(`${line} has no ${part}`);
  return line.replace(part, () => by);
}

/** Harm to the text of one record, after which it can only go to quarantine. */
const damages: Readonly<Record<string, (line: string) => string | Buffer>> = {
  null_escape: (line) => swap(line, /"gk_id":"/, '"gk_id":"\\u0000'),
  lone_surrogate: (line) => swap(line, /"gk_id":"/, '"gk_id":"\\ud83c'),
  not_a_number: (line) => swap(line, /"location_id":\d/, '"location_id":NaN'),
  huge_exponent: (line) => swap(line, /"sequence":/, '"extra":1e400,"sequence":'),
  deep_nesting: (line) =>
    swap(line, /"sequence":/, `"extra":${'['.repeat(10_000)}${']'.repeat(10_000)},"sequence":`),
  null_byte: (line) => swap(line, /"gk_id":"/, '"gk_id":"\0'),
  invalid_utf8: (line) => {
    const [before = '', after = ''] = line.split('"gk_id":"');
    return Buffer.concat([Buffer.from(`${before}"gk_id":"`), Buffer.from([0xff, 0xc3]), Buffer.from(after)]);
  },
  sequence_as_text: (line) => swap(line, /"sequence":\d+/, '"sequence":"first"'),
  negative_sequence: (line) => swap(line, /"sequence":\d+/, '"sequence":-1'),
  unknown_type: (line) => swap(line, /"event_type":"\w+"/, '"event_type":"order_teleported"'),
  no_order_id: (line) => swap(line, /"order_id":"[^"]+",/, ''),
  empty_event_id: (line) => swap(line, /"event_id":"[^"]+"/, '"event_id":""'),
  leap_second: (line) => swap(line, /"ts":"[^"]+"/, '"ts":"2016-12-31 23:59:60"'),
  time_as_number: (line) => swap(line, /"ts":"[^"]+"/, '"ts":1790000000'),
  far_future: (line) => swap(line, /"ts":"[^"]+"/, '"ts":"2099-01-01 00:00:00"'),
  negative_price: (line) => swap(line, /\\"price\\":[\d.]+/, '\\"price\\":-1'),
  fraction_of_a_cent: (line) => swap(line, /\\"price\\":[\d.]+/, '\\"price\\":1.001'),
  billion_quantity: (line) => swap(line, /\\"qty\\":\d/, '\\"qty\\":1000000000'),
  no_items: (line) => swap(line, /\\"items\\":\[.*\]/, '\\"items\\":[]'),
  body_is_no_json: (line) => swap(line, /"body":".*"/, '"body":"{half"'),
  scalar_record: () => '42',
  array_record: () => '["not", "an", "event"]',
  garbage: () => '}{][,:"',
};

/** Each of them as a class of mutated files: one record is harmed, the others are taken. */
export const damagedRecords: Readonly<Record<string, Mutation>> = Object.fromEntries(
  Object.entries(damages).map(([name, damage]) => [name, onOneRecord(damage)]),
);

function onOneRecord(damage: (line: string) => string | Buffer): Mutation {
  return (events, random) => {
    // The first event is the creation of an order, which has all that can be harmed.
    const created = events.findIndex(({ event_type }) => event_type === 'order_created');
    const lines: (string | Buffer)[] = linesOf(events);
    lines[created] = damage(`${lines[created]}`);
    const order = integer(random, 0, 1) === 0 ? lines : lines.toReversed();
    return {
      bytes: Buffer.concat(order.flatMap((line) => [Buffer.from(line), Buffer.from('\n')])),
      truth: events.filter((_, n) => n !== created),
      quarantines: true,
    };
  };
}
