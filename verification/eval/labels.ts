import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { refundClasses } from '#lib/contract/refund.ts';
import { parseUsd } from '#lib/money.ts';

/** The parts of an evaluation: whether a scorer applies policy v1, and whether a fair person would agree with it. */
export const parts = ['rule', 'judged'] as const;
export type Part = (typeof parts)[number];

/** What an answer may be: a class of these, and an amount from `minCents` to `maxCents`, both included. */
export const labelSchema = z.object({
  classes: z.array(z.enum(refundClasses)).min(1),
  minCents: z.int().min(0),
  maxCents: z.int().min(0),
});
export type Label = z.infer<typeof labelSchema>;

/** A labelled order. `kind` is the group that it is reported with, `note` what a reviewer added, `because` a sentence. */
export type LabelledCase = {
  part: Part;
  kind: string;
  orderId: string;
  note: string | null;
  label: Label;
  because: string;
};

/** An amount of dollars as text, which becomes cents. */
export const centsText = z.string().transform((text, context) => {
  const amount = parseUsd(text);
  if (amount === undefined) context.addIssue({ code: 'custom', message: 'is not an amount of dollars' });
  return amount ?? z.NEVER;
});

/** Reads a file of JSON lines. @throws Error that names the file and line that is invalid. */
export function readLines<Line>(path: string, schema: z.ZodType<Line>): Line[] {
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
  return lines.map((line, at) => {
    const parsed = schema.safeParse(JSON.parse(line));
    if (!parsed.success) throw new Error(`${path} line ${at + 1}: ${z.prettifyError(parsed.error)}`);
    return parsed.data;
  });
}
