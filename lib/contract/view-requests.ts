import { z } from 'zod';
import { idText } from './decide-refund.ts';

const printable = /^\P{Cc}*$/u;

/** Keeps the filters and the order of the queue under a name; the same name again takes the new ones. */
export const saveViewSchema = z.strictObject({
  name: z
    .string()
    .trim()
    .min(1, 'Enter a name.')
    .max(60, 'Keep the name under 60 characters.')
    .regex(printable, 'The name holds characters that cannot be read.'),
  search: z.string().max(2000, 'These filters are too long to be kept.').regex(printable),
});
export const noInputSchema = z.strictObject({});
export const viewSchema = z.strictObject({ viewId: idText });

export type SaveViewInput = z.output<typeof saveViewSchema>;
