/**
 * Turns a vocabulary's JSON text into flat arrays. In WebAssembly because it runs once, before an engine has optimised
 * JavaScript: 30,000 tokens take 3 ms here and ten times as long there. vocabulary-scan.ts says which texts it accepts.
 *
 *     text     UTF-8 of a JSON object of tokens and ids, or a list of tokens and scores, and at least four zeros
 *     starts   start of each token in `units`, u32, one more than tokens
 *     ids      u32
 *     counts   number of tokens of each length in code points, u32
 *     hashes   of each token, u32
 *     units    UTF-16 of all tokens, end to end
 *     scores   f64
 *     slots    one more than a token's number, by its hash, u32; 0 if free
 */
import { EMPTY_HASH, extended, slotOf } from './token-hash';

/** Number of tokens that {@link scan} found, equal ones included. */
export let found: u32 = 0;
/** End of the object's text. */
export let end: u32 = 0;
/** Bytes of all units. */
export let unitBytes: u32 = 0;
/** Units of the longest token. */
export let longest: u32 = 0;
/** Number of distinct tokens, after {@link index}. */
export let size: u32 = 0;

function isSpace(byte: u32): bool {
  return byte === 0x20 || byte === 9 || byte === 10 || byte === 13;
}

function skipSpace(at: u32): u32 {
  while (isSpace(<u32>load<u8>(at))) at++;
  return at;
}

/** The unit of four hexadecimal digits, or −1. */
function hexUnit(at: u32): i32 {
  let unit = 0;
  for (let i: u32 = 0; i < 4; i++) {
    const code = <i32>load<u8>(at + i);
    const letter = code | 0x20;
    if (code >= 0x30 && code <= 0x39) unit = unit * 16 + code - 0x30;
    else if (letter >= 0x61 && letter <= 0x66) unit = unit * 16 + letter - 0x57;
    else return -1;
  }
  return unit;
}

/** Unit of an escape, by the letter after the backslash, or −1; a lone surrogate is refused. */
function escaped(code: u32, at: u32): i32 {
  switch (code) {
    case 0x22:
    case 0x2f:
    case 0x5c:
      return <i32>code;
    case 0x62:
      return 8;
    case 0x66:
      return 12;
    case 0x6e:
      return 10;
    case 0x72:
      return 13;
    case 0x74:
      return 9;
    case 0x75: {
      const unit = hexUnit(at);
      return (unit & 0xf800) === 0xd800 ? -1 : unit;
    }
    default:
      return -1;
  }
}

/** The character beyond ASCII whose UTF-8 begins here, or −1. */
function character(at: u32): i32 {
  const lead = <u32>load<u8>(at);
  if (lead < 0xc2 || lead > 0xf4) return -1;
  const length: u32 = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  let result = lead & (0xff >> (length + 1));
  for (let i: u32 = 1; i < length; i++) {
    const byte = <u32>load<u8>(at + i);
    if ((byte & 0xc0) !== 0x80) return -1;
    result = (result << 6) | (byte & 0x3f);
  }
  const least: u32 = length === 4 ? 0x1_0000 : length === 3 ? 0x800 : 0x80;
  if (result < least || result > 0x10_ffff || (result & 0xffff_f800) === 0xd800) return -1;
  return result;
}

/** Where the string that {@link readToken} read ends, its hash, and its number of code points. */
let tokenEnd: u32 = 0;
let tokenHash: u32 = 0;
let characters: u32 = 0;

/** Writes the units of the string after the quotation mark at `i`, and returns where they end, or 0. */
function readToken(i: u32, units: u32): u32 {
  if (load<u8>(i++) !== 0x22) return 0;
  let hash = EMPTY_HASH;
  characters = 0;
  for (;;) {
    const byte = <u32>load<u8>(i++);
    if (byte === 0x22) break;
    characters++;
    let unit = <i32>byte;
    if (byte < 0x20) return 0;
    if (byte === 0x5c) {
      const code = <u32>load<u8>(i++);
      unit = escaped(code, i);
      if (code === 0x75) i += 4;
      if (unit < 0) return 0;
    } else if (byte >= 0x80) {
      unit = character(i - 1);
      if (unit < 0) return 0;
      i += unit > 0xffff ? 3 : unit > 0x7ff ? 2 : 1;
      if (unit > 0xffff) {
        const leading = 0xd7c0 + (unit >> 10);
        store<u16>(units, leading);
        hash = extended(hash, leading);
        units += 2;
        unit = 0xdc00 | (unit & 0x3ff);
      }
    }
    store<u16>(units, unit);
    hash = extended(hash, unit);
    units += 2;
  }
  tokenEnd = i;
  tokenHash = hash;
  return units;
}

/** A whole number from here on has no room for another digit in a u64. */
const FULL: u64 = 1_000_000_000_000_000_000;
/** Powers of ten up to this one are exact. */
const MOST_DECIMALS: u32 = 22;

/** What {@link readNumber} read, and whether it is negative or has a point. */
let number: f64 = 0;
let isWhole: bool = false;

/**
 * Reads a number as the reference does: all digits as one whole number, rounded, divided by a power of ten, and rounded
 * again. Returns where it ends, or 0 if it has an exponent or too many digits.
 */
function readNumber(i: u32): u32 {
  const isNegative = load<u8>(i) === 0x2d;
  if (isNegative) i++;
  const first = i;
  let point: u32 = 0;
  let whole: u64 = 0;
  let power: f64 = 1;
  let byte: u32 = 0;
  for (; ; i++) {
    byte = load<u8>(i);
    if (byte === 0x2e && point === 0) {
      point = i;
      continue;
    }
    if (byte - 0x30 > 9) break;
    if (whole >= FULL) return 0;
    whole = whole * 10 + (byte - 0x30);
    if (point !== 0) power *= 10;
  }
  const wholeEnd = point === 0 ? i : point;
  const count = wholeEnd - first;
  if (count === 0 || (count > 1 && load<u8>(first) === 0x30)) return 0;
  if (point !== 0 && i - point - 2 >= MOST_DECIMALS) return 0;
  if ((byte | 0x20) === 0x65 || byte === 0x2e) return 0;
  number = <f64>whole / power;
  if (isNegative) number = -number;
  isWhole = !isNegative && point === 0;
  return i;
}

/**
 * Reads the object whose brace opens at `text`, or the list of pairs of tokens and scores whose bracket does. `scores` is
 * for f64 by token, and 0 for an object. The ids in a list are the places of its pairs.
 */
export function scan(
  text: u32,
  starts: u32,
  ids: u32,
  counts: u32,
  hashes: u32,
  units: u32,
  scores: u32,
): bool {
  const firstUnit = units;
  const isList = scores !== 0;
  let i = text + 1;
  found = 0;
  longest = 0;
  store<u32>(starts, 0);
  for (;;) {
    i = skipSpace(i);
    if (isList) {
      if (load<u8>(i++) !== 0x5b) return false;
      i = skipSpace(i);
    }
    const start = units;
    units = readToken(i, units);
    if (units === 0) return false;
    store<u32>(hashes + (found << 2), tokenHash);
    longest = max(longest, (units - start) >> 1);
    const count = counts + (characters << 2);
    store<u32>(count, load<u32>(count) + 1);
    i = skipSpace(tokenEnd);
    if (load<u8>(i++) !== (isList ? 0x2c : 0x3a)) return false;
    i = skipSpace(i);
    const digits = i;
    i = readNumber(i);
    if (i === 0) return false;
    if (isList) {
      store<f64>(scores + (found << 3), number);
      store<u32>(ids + (found << 2), found);
      i = skipSpace(i);
      if (load<u8>(i++) !== 0x5d) return false;
    } else {
      if (!isWhole || i > digits + 9) return false;
      store<u32>(ids + (found << 2), <u32>number);
    }
    found++;
    store<u32>(starts + (found << 2), (units - firstUnit) >> 1);
    i = skipSpace(i);
    const next = <u32>load<u8>(i++);
    if (next === <u32>(isList ? 0x5d : 0x7d)) break;
    if (next !== 0x2c) return false;
  }
  end = i;
  unitBytes = units - firstUnit;
  return true;
}

/** Number of code points in units. */
function charactersOf(first: u32, last: u32): u32 {
  let characters: u32 = 0;
  for (let at = first; at < last; at += 2) {
    if ((<u32>load<u16>(at) & 0xfc00) !== 0xdc00) characters++;
  }
  return characters;
}

/**
 * Fills the free slots, whose number is a power of two. Of equal tokens the last id counts, at the index of the first
 * token; the later ones are removed.
 */
export function index(
  starts: u32,
  ids: u32,
  counts: u32,
  hashes: u32,
  units: u32,
  slots: u32,
  mask: u32,
): void {
  size = 0;
  for (let token: u32 = 0; token < found; token++) {
    const start = load<u32>(starts + (token << 2));
    const length = load<u32>(starts + (token << 2), 4) - start;
    const first = units + (start << 1);
    const hash = load<u32>(hashes + (token << 2));
    let slot = slotOf(hash, mask);
    let number = load<u32>(slots + (slot << 2));
    while (number !== 0) {
      const other = starts + ((number - 1) << 2);
      const otherStart = load<u32>(other);
      if (load<u32>(other, 4) - otherStart === length) {
        if (memory.compare(units + (otherStart << 1), first, length << 1) === 0) break;
      }
      slot = (slot + 1) & mask;
      number = load<u32>(slots + (slot << 2));
    }
    const id = load<u32>(ids + (token << 2));
    if (number !== 0) {
      store<u32>(ids + ((number - 1) << 2), id);
      const count = counts + (charactersOf(first, first + (length << 1)) << 2);
      store<u32>(count, load<u32>(count) - 1);
      continue;
    }
    const place = load<u32>(starts + (size << 2));
    if (size < token) {
      memory.copy(units + (place << 1), first, length << 1);
      store<u32>(ids + (size << 2), id);
    }
    store<u32>(slots + (slot << 2), ++size);
    store<u32>(starts + (size << 2), place + length);
  }
}
