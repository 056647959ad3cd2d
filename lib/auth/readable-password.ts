import { randomInt } from 'node:crypto';

const CONSONANTS = 'bdfghjkmnprstvwz';
const VOWELS = 'aeiou';

/** A random password that can be read aloud, as in "kadu-limo-teso-vira-nupo-hafe": 24 letters, 75 bits. */
export function readablePassword(): string {
  return Array.from({ length: 6 }, () => `${syllable()}${syllable()}`).join('-');
}

const syllable = () => pick(CONSONANTS) + pick(VOWELS);
const pick = (letters: string) => letters.charAt(randomInt(letters.length));
