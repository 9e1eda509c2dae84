import { decodeNumbers } from './code-point-set.js';
import { LOWERCASE_RUNS } from './lowercase.generated.js';
import { mapCharacters } from './map-characters.js';

const PIECES = /[\0-\x7f]+|[^\0-\x7f]+/g;

let lowercase: Map<number, string> | undefined;

function readRuns(): Map<number, string> {
  // The only character whose lowercase has two.
  const map = new Map([[0x130, 'i\u0307']]);
  const numbers = decodeNumbers(LOWERCASE_RUNS);
  const count = numbers.length / 3;
  let position = 0;
  for (let run = 0; run < count; run++) {
    position += numbers[run]!;
    const shape = numbers[count + run]!;
    const signed = numbers[2 * count + run]!;
    const shift = signed & 1 ? -(signed + 1) / 2 : signed / 2;
    const stride = (shape & 1) + 1;
    const end = position + (shape >> 1) * stride;
    for (; position < end; position += stride) map.set(position, String.fromCodePoint(position + shift));
    map.set(end, String.fromCodePoint(end + shift));
  }
  return map;
}

/** Rust's `char::to_lowercase`; `undefined` if it does not change. */
export function lowercaseOf(codePoint: number): string | undefined {
  lowercase ??= readRuns();
  return lowercase.get(codePoint);
}

function lowercasePiece(piece: string): string {
  return piece.charCodeAt(0) < 0x80 ? piece.toLowerCase() : mapCharacters(piece, lowercaseOf);
}

/**
 * Lowercases each character alone, as Rust maps a `char`, without rules about neighbours.
 *
 * The engine's function has the final sigma rule and another Unicode version, so it is used for ASCII only.
 */
export function toLowercase(text: string): string {
  return text.replace(PIECES, lowercasePiece);
}
