import { z } from 'zod';
import { numberText } from './codec.ts';

/** Dollars as people write them: "12", "12.5", "12.50"; no sign, exponent, blank or digit of another script. */
export const amountText = z
  .string()
  .regex(/^\d{1,10}(\.\d{1,2})?$/, 'Enter the amount in dollars and cents, as in 4.50.');

export const orderIdText = z
  .string()
  .min(1)
  .max(200)
  .refine((id) => !id.includes('\0'), 'This is not the number of an order.');
export const idText = z.string().regex(/^\d{1,18}$/, 'This is not a number of ours.');
export const idempotencyKeyText = z
  .string()
  .regex(/^[\w.:-]{8,200}$/, 'The key of the request is 8 to 200 letters and digits.');

/**
 * What a reader does not see: characters that Unicode lets a program ignore (zero width, soft hyphen, Hangul filler,
 * tags, variation selectors …), and two blank ones that it counts as symbols (Braille, a musical note without a head).
 */
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\u2800\u{1D159}]/gu;
/** Blanks, and accents without a letter, are not enough. */
const VISIBLE = /[\p{L}\p{N}\p{P}\p{S}]/u;

/** Whether a text shows its reader anything. */
export const isVisible = (text: string): boolean => VISIBLE.test(text.replace(INVISIBLE, ''));

const controls = /[^\P{Cc}\n\t]/u;
/** Why a person does something, in their own words. */
export const reasonText = z
  .string()
  .trim()
  .min(1, 'Say why, in a few words.')
  .refine(isVisible, 'Say why, in a few words.')
  .max(1000, 'Keep the reason under 1,000 characters.')
  .refine((text) => !controls.test(text), 'The reason holds characters that cannot be read.');

/** A text that a list is filtered by. */
export const searchText = (maxLength: number) =>
  z
    .string()
    .min(1)
    .max(maxLength)
    .regex(/^\P{Cc}*$/u, 'holds characters that cannot be searched for');

/** A name that a person gives to something. */
export const nameText = (maxLength: number) =>
  z
    .string()
    .trim()
    .min(1, 'Enter a name.')
    .refine(isVisible, 'Enter a name.')
    .max(maxLength, `Keep the name under ${maxLength} characters.`)
    .regex(/^\P{Cc}*$/u, 'The name holds characters that cannot be read.');

/** How many rows a page of a list has. */
export const pageLimit = numberText(z.int().min(1).max(200)).default(50).meta({ default: 50 });

/** The input of an action that needs none. */
export const noInputSchema = z.strictObject({});
