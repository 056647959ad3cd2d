import { z } from 'zod';

/** The largest text that the console mends; larger records are mended with the command line. */
export const MAX_MENDED_CHARACTERS = 50_000;

const text = z
  .string()
  .min(1, 'Enter the record.')
  .max(MAX_MENDED_CHARACTERS, `Use ${MAX_MENDED_CHARACTERS.toLocaleString('en')} characters at most.`);
const id = z.int().min(1);

/** A text to read as the pipeline would. */
export const checkTextSchema = z.strictObject({ text });
/** One record to ingest again, as it came or with a corrected text. */
export const replayRecordSchema = z.strictObject({ id, text: text.optional() });
export const dropRecordSchema = z.strictObject({ id });
/** All open records that break a rule. */
export const ruleSchema = z.strictObject({ rule: z.string().min(1).max(100) });

const day = z.iso.date();
const word = z.string().trim().min(1).max(500);
const absent = <Schema extends z.ZodType>(schema: Schema) => schema.optional().catch(undefined);
/** The filter of the list in the URL: days are inclusive and UTC, `before` is the id of the last row of the page before. */
export const quarantineQuerySchema = z.object({
  rule: absent(word),
  file: absent(word),
  location: absent(word),
  from: absent(day),
  to: absent(day),
  state: z.enum(['open', 'all']).catch('open'),
  before: absent(z.coerce.number().int().min(1)),
});
export type QuarantineQuery = z.output<typeof quarantineQuerySchema>;
