import { expandSteps, type NormalizedText } from '../normalized-text.js';
import type { Normalizer } from './normalizer.js';

const SPECIAL = /[^!-~]/;

/** GPT-2's visible character of each byte: the byte's own if it is printable, else the next free one from U+0100 on. */
function byteCharacters(): readonly string[] {
  let free = 0x100;
  return Array.from({ length: 256 }, (_, byte) => {
    const prints = (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte !== 0xad);
    return String.fromCharCode(prints ? byte : free++);
  });
}

let characters: readonly string[] | undefined;

/** Returns the UTF-8 bytes of one character as visible characters. */
function bytesOf(codePoint: number): string {
  characters ??= byteCharacters();
  const trail = (shift: number): string => characters![0x80 | ((codePoint >> shift) & 0x3f)]!;
  if (codePoint < 0x80) return characters[codePoint]!;
  if (codePoint < 0x800) return characters[0xc0 | (codePoint >> 6)]! + trail(0);
  if (codePoint < 0x10000) return characters[0xe0 | (codePoint >> 12)]! + trail(6) + trail(0);
  return characters[0xf0 | (codePoint >> 18)]! + trail(12) + trail(6) + trail(0);
}

/** Replaces each byte of the text's UTF-8 with one visible character. */
export function toByteLevel(text: NormalizedText): void {
  const before = text.text;
  if (before === '') return;
  let after = before;
  if (SPECIAL.test(before)) {
    after = '';
    for (let i = 0; i < before.length; i++) {
      const codePoint = before.codePointAt(i)!;
      after += bytesOf(codePoint);
      if (codePoint > 0xffff) i++;
    }
  }
  text.transform(after, () => expandSteps(before, bytesOf));
}

/** {@link toByteLevel} as a normalizer. */
export class ByteLevel implements Normalizer {
  normalize(text: NormalizedText): void {
    toByteLevel(text);
  }
}
