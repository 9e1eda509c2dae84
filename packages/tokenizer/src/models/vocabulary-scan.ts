import { type TokenList, Vocabulary } from './vocabulary.js';

/** A vocabulary and where its JSON text ends. */
export interface ScannedVocabulary {
  readonly vocabulary: Vocabulary;
  readonly end: number;
}

const QUOTE = 0x22;
const COLON = 0x3a;
const COMMA = 0x2c;
const BACKSLASH = 0x5c;
const CLOSE = 0x7d;

/** What a letter behind a backslash stands for. */
const ESCAPES: Readonly<Record<number, number>> = {
  34: 0x22,
  47: 0x2f,
  92: 0x5c,
  98: 8,
  102: 12,
  110: 10,
  114: 13,
  116: 9,
};

const INVALID = -1;

function hexDigit(code: number | undefined): number {
  if (code === undefined) return INVALID;
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const letter = code | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : INVALID;
}

/** The unit that four digits stand for. */
function hexUnit(bytes: Uint8Array, at: number): number {
  let unit = 0;
  for (let i = at; i < at + 4; i++) {
    const digit = hexDigit(bytes[i]);
    if (digit === INVALID) return INVALID;
    unit = unit * 16 + digit;
  }
  return unit;
}

/** The character beyond ASCII whose UTF-8 begins at a place, or {@link INVALID}. */
function characterAt(bytes: Uint8Array, at: number): number {
  const lead = bytes[at]!;
  const length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4) return INVALID;
  let character = lead & (0xff >> (length + 1));
  for (let i = 1; i < length; i++) {
    const byte = bytes[at + i];
    if (byte === undefined || (byte & 0xc0) !== 0x80) return INVALID;
    character = (character << 6) | (byte & 0x3f);
  }
  const isShortest = character >= (length === 4 ? 0x1_0000 : length === 3 ? 0x800 : 0x80);
  const isSurrogate = character >= 0xd800 && character <= 0xdfff;
  return isShortest && !isSurrogate && character <= 0x10_ffff ? character : INVALID;
}

function spaceEnd(bytes: Uint8Array, at: number): number {
  let i = at;
  for (let byte = bytes[i]; byte === 0x20 || byte === 9 || byte === 10 || byte === 13; ) byte = bytes[++i];
  return i;
}

function grown(array: Uint32Array): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(array.length * 2);
  larger.set(array);
  return larger;
}

/**
 * Reads a JSON object of tokens and their ids from UTF-8, making neither strings nor an object with a property for each
 * token. Gives up, and says nothing of why, on whatever is not the usual: what is wrong and what is merely odd, such as
 * escaped surrogates and ids of ten digits, are then for `JSON.parse` to tell apart.
 *
 * Bound by the code that runs before the engine has compiled it: of thirty thousand tokens half the time goes there.
 *
 * @param at - Where the object's brace opens.
 */
export function scanVocabulary(bytes: Uint8Array, at: number): ScannedVocabulary | undefined {
  const units = new Uint16Array(bytes.length - at);
  let starts = new Uint32Array(1 << 15);
  let ids = new Uint32Array(1 << 15);
  let length = 0;
  let count = 0;
  let i = at + 1;
  for (;;) {
    if (bytes[i]! <= 0x20) i = spaceEnd(bytes, i);
    if (bytes[i++] !== QUOTE) return undefined;
    for (let byte = bytes[i++]; byte !== QUOTE; byte = bytes[i++]) {
      if (byte === undefined || byte < 0x20) return undefined;
      if (byte === BACKSLASH) {
        const code = bytes[i++]!;
        let unit = ESCAPES[code] ?? INVALID;
        if (code === 0x75) {
          unit = hexUnit(bytes, i);
          i += 4;
        }
        if (unit === INVALID || (unit & 0xf800) === 0xd800) return undefined;
        units[length++] = unit;
      } else if (byte < 0x80) {
        units[length++] = byte;
      } else {
        const character = characterAt(bytes, i - 1);
        if (character === INVALID) return undefined;
        if (character > 0xffff) {
          units[length++] = 0xd7c0 + (character >> 10);
          units[length++] = 0xdc00 | (character & 0x3ff);
          i += 3;
        } else {
          units[length++] = character;
          i += character > 0x7ff ? 2 : 1;
        }
      }
    }
    if (bytes[i]! <= 0x20) i = spaceEnd(bytes, i);
    if (bytes[i++] !== COLON) return undefined;
    if (bytes[i]! <= 0x20) i = spaceEnd(bytes, i);
    const digits = i;
    let id = 0;
    for (let digit = bytes[i]! - 0x30; digit >= 0 && digit <= 9; digit = bytes[++i]! - 0x30) {
      id = id * 10 + digit;
    }
    if (i === digits || i > digits + 9 || (bytes[digits] === 0x30 && i > digits + 1)) return undefined;
    ids[count++] = id;
    if (count === ids.length) {
      ids = grown(ids);
      starts = grown(starts);
    }
    starts[count] = length;
    if (bytes[i]! <= 0x20) i = spaceEnd(bytes, i);
    const next = bytes[i++];
    if (next === CLOSE) break;
    if (next !== COMMA) return undefined;
  }
  const list: TokenList = { units: units.slice(0, length), starts, ids, count };
  return { vocabulary: new Vocabulary(list), end: i };
}
