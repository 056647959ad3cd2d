/** The rules of ingestion: a record that breaks one is quarantined. A rule is never renamed once rows carry it. */
export const rules = {
  unreadable_gzip: 'the file is gzip, but broken',
  record_too_large: 'larger than 16 MiB',
  invalid_utf8: 'the bytes are not UTF-8',
  null_byte: 'text with U+0000, which no text column can hold',
  lone_surrogate: 'text with half of a surrogate pair, which is not a character',
  malformed_json: 'not JSON',
  not_an_object: 'JSON, but not an object',
  nested_too_deep: 'nested deeper than 500 levels',
  number_out_of_range: 'a number beyond what can be stored',
  missing_event_id: 'no event_id',
  missing_order_id: 'no order_id',
  unknown_event_type: 'an event_type that the contract does not know',
  bad_timestamp: 'a ts that is not a point in time',
  unclear_timestamp:
    'a ts that is a number, but not clearly seconds, milliseconds or microseconds since 1970',
  future_ts: "a ts more than ten minutes ahead of the pipeline's clock",
  bad_sequence: 'a sequence that is not a whole number from 0',
  bad_field: 'another field of the envelope with a wrong type or length',
  bad_body: "a body that is not the JSON of its event's type",
  no_items: 'an order without items',
  too_many_items: 'an order with more lines than the contract allows',
  bad_quantity: 'an item whose quantity is not a whole number from 1, or too large',
  bad_price: 'an item whose price is not in whole cents from 0, or too large',
  bad_item: 'another field of an item with a wrong type',
  refused_by_database: 'data that Postgres refused although it met every other rule',
} as const;

export type Rule = keyof typeof rules;

/** The expectation that is all of them together. */
export const ALL_RULES = 'valid_record';

/** Why one record is quarantined: the rule that it breaks, and the field and value, for people. */
export type Rejection = { rule: Rule; reason: string };
