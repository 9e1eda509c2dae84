// Cuts texts into chunks and writes the ids of those in the memo. ../chunk-rule.ts defines chunks and explains why the
// ids of a text are those of its chunks.
import {
  BAD_END,
  BAD_START,
  COUNT_SHIFT,
  FLAGLESS,
  find,
  HAS_UNKNOWN,
  hashOf,
  IN_ARENA,
  insert,
  NEVER,
  prepare,
  touch,
} from './chunk-memo';
import { CHUNK_BYTES, CHUNKS, ENDS, FULL, IDS, INPUT, PUNCTUATION, STATE } from './memory-map';

export {
  ENDS,
  FIRST_END,
  IDS,
  IDS_PER_BYTE,
  INPUT,
  INPUT_BYTES,
  PUNCTUATION,
} from './memory-map';

/** All texts are finished. */
const DONE: i32 = 0;
/** The memo lacks a chunk. STATE: its start, its end, the address for its ids. */
const MISS: i32 = 1;
/** A text must be read as a whole. STATE: unused, unused, the address for its ids, the text's index. */
const WHOLE: i32 = 2;
/** A text contains U+0000, which would hide where texts end; nothing was done. */
const ZERO: i32 = 3;

/** The first text is the continuation of a cut text, so none of its chunks begins a text. */
const CONTINUES: u32 = 1;
/** The last text is continued in the next pass. */
const CONTINUED: u32 = 2;

let texts: u32 = 0;
let options: u32 = 0;
let maxIds: u32 = 0;
let unknown: u32 = 0;
let dropsUnknown: bool = false;
let hasUnknown: bool = false;

let text: u32 = 0;
let textStart: usize = 0;
let textOut: usize = 0;
let out: usize = 0;
let sawUnknown: bool = false;

/** End of all texts, the next 64 bytes to cut, and where the chunk that goes on there starts. */
let inputEnd: usize = 0;
let block: usize = 0;
let cutStart: usize = 0;
/** The next chunk to look up, and the end of those that were cut. */
let next: usize = CHUNKS;
let cutEnd: usize = CHUNKS;

/** @param bits - Logarithm of the memo's slots. */
export function setUp(bits: u32, unknownId: u32, unknownExists: bool): void {
  prepare(bits);
  unknown = unknownId;
  hasUnknown = unknownExists;
}

/** Starts a pass over `count` texts at INPUT, separated by zeros; the terminator of the last one is before `end`. */
export function begin(count: u32, end: usize, flags: u32, limit: u32, drop: bool): i32 {
  if (zerosBefore(end - 1) !== count - 1) return ZERO;
  inputEnd = end;
  texts = count;
  options = flags;
  maxIds = limit;
  dropsUnknown = drop && hasUnknown;
  text = 0;
  textStart = INPUT;
  textOut = out = IDS;
  sawUnknown = false;
  cutFrom(INPUT);
  return scan();
}

/** Continues after a miss; the caller has written `count` ids of the chunk. `flags` as in chunk-memo.ts. */
export function resolve(count: u32, flags: u32): i32 {
  const start = <usize>load<u32>(next, 8);
  const end = <usize>load<u32>(next, 12);
  if (hasUnknown) {
    for (let i: u32 = 0; i < count; i++) if (load<u32>(out + (i << 2)) === unknown) flags |= HAS_UNKNOWN;
  }
  insert(load<u64>(next), start, <u32>(end - start), out, count, flags);
  if (isRefused(flags, start, end)) return askForWhole();
  if (flags & HAS_UNKNOWN) sawUnknown = true;
  out += count << 2;
  return pass(end) ? scan() : stop(DONE, out);
}

/** Continues after a text that was read as a whole. The ids before it are dropped. */
export function skip(): i32 {
  let at = textStart;
  while (load<u8>(at) !== 0) at++;
  textOut = out = IDS;
  if (!endText(at)) return stop(DONE, out);
  cutFrom(textStart);
  return scan();
}

/** Ends a text, and returns whether another one follows. */
function endText(end: usize): bool {
  const count = <u32>((out - textOut) >> 2);
  if (count > maxIds) out = textOut + (maxIds << 2);
  if (sawUnknown && dropsUnknown) {
    let kept = textOut;
    for (let at = textOut; at < out; at += 4) {
      const id = load<u32>(at);
      store<u32>(kept, id);
      kept += (<usize>(id !== unknown)) << 2;
    }
    out = kept;
  }
  sawUnknown = false;
  store<u32>(ENDS + (text << 2), <u32>(out - IDS) >> 2);
  text++;
  textOut = out;
  textStart = end + 1;
  return text < texts;
}

/** @param ids - end of the ids so far */
function stop(status: i32, ids: usize): i32 {
  store<u32>(STATE, <u32>ids, 8);
  store<u32>(STATE, text, 12);
  return status;
}

/** Number of zeros between INPUT and `end`. Zero-fills a block from `end` on. */
function zerosBefore(end: usize): u32 {
  v128.store(end, i8x16.splat(0));
  let count: u32 = 0;
  let at: usize = INPUT;
  for (; at < end; at += 16) count += popcnt(i8x16.bitmask(i8x16.eq(v128.load(at), i8x16.splat(0))));
  return count - <u32>(at - end);
}

function askForWhole(): i32 {
  sawUnknown = false;
  return stop(WHOLE, textOut);
}

function isRefused(meta: u32, start: usize, end: usize): bool {
  if (meta & NEVER) return true;
  if (meta & BAD_START && (start !== textStart || options & CONTINUES)) return true;
  return (meta & BAD_END) !== 0 && (load<u8>(end) !== 0 || (options & CONTINUED) !== 0);
}

function isPunctuation(byte: u32): bool {
  return byte < 128 && ((load<u8>(PUNCTUATION + (byte & 15)) >> <u8>(byte >> 4)) & 1) !== 0;
}

/**
 * Whether the text before `end` is white space beyond ASCII. Such a chunk can only be the last one, and extending it is
 * better than reading the whole text.
 */
function endsInSpace(end: usize): bool {
  const last = load<u8>(end - 1);
  const middle = load<u8>(end - 2);
  if (middle === 0xc2) return last === 0x85 || last === 0xa0;
  const first = load<u8>(end - 3);
  if (first === 0xe2)
    return (
      (middle === 0x80 && (last <= 0x8a || last === 0xa8 || last === 0xa9 || last === 0xaf)) ||
      (middle === 0x81 && last === 0x9f)
    );
  return (
    (first === 0xe3 && middle === 0x80 && last === 0x80) ||
    (first === 0xe1 && middle === 0x9a && last === 0x80)
  );
}

/** The highest bit of each of 64 bytes. */
function bitsOf(a: v128, b: v128, c: v128, d: v128): u64 {
  const low = <u32>i8x16.bitmask(a) | ((<u32>i8x16.bitmask(b)) << 16);
  const high = <u32>i8x16.bitmask(c) | ((<u32>i8x16.bitmask(d)) << 16);
  return <u64>low | ((<u64>high) << 32);
}

function equals(a: v128, b: v128, c: v128, d: v128, byte: i8): u64 {
  const every = i8x16.splat(byte);
  return bitsOf(i8x16.eq(a, every), i8x16.eq(b, every), i8x16.eq(c, every), i8x16.eq(d, every));
}

/** Bit h of the byte for l equals bit h in PUNCTUATION; characters beyond ASCII have no bits. */
function marks(block: v128): v128 {
  return i8x16.ne(
    v128.and(
      i8x16.swizzle(v128.load(PUNCTUATION), v128.and(block, i8x16.splat(15))),
      i8x16.swizzle(i8x16(1, 2, 4, 8, 16, 32, 64, -128, 0, 0, 0, 0, 0, 0, 0, 0), i8x16.shr_u(block, 4)),
    ),
    i8x16.splat(0),
  );
}

/** Borders among 64 bytes as bits: the ends of chunks, some of which also start one. A zero ends a text. */
function bordersFrom(at: usize): u64 {
  const a = v128.load(at, 0);
  const b = v128.load(at, 16);
  const c = v128.load(at, 32);
  const d = v128.load(at, 48);
  const spaces = equals(a, b, c, d, 0x20);
  const beyondAscii = bitsOf(a, b, c, d);
  const space = i8x16.splat(0x20);
  // As signed numbers, bytes beyond ASCII are negative.
  const visible = bitsOf(
    i8x16.gt_s(a, space),
    i8x16.gt_s(b, space),
    i8x16.gt_s(c, space),
    i8x16.gt_s(d, space),
  );
  const solid = visible | beyondAscii;
  const punctuation = bitsOf(marks(a), marks(b), marks(c), marks(d));
  const behindSolid = (solid << 1) | <u64>(load<u8>(at - 1) > 0x20);
  const beforeSolid = (solid >> 1) | ((<u64>(load<u8>(at + 64) > 0x20)) << 63);
  const behindPunctuation = (punctuation << 1) | <u64>isPunctuation(load<u8>(at - 1));
  let words = spaces & beforeSolid & behindSolid;
  let wide = words & ((beyondAscii << 1) | <u64>(load<u8>(at - 1) > 0x7f));
  for (; wide !== 0; wide &= wide - 1) if (endsInSpace(at + <usize>ctz(wide))) words ^= wide & -wide;
  const cuts = punctuation | (visible & behindPunctuation & ~equals(a, b, c, d, 0x7f));
  return equals(a, b, c, d, 0) | words | (cuts & behindSolid);
}

function cutFrom(start: usize): void {
  cutStart = start;
  block = start - ((start - INPUT) & 63);
  next = cutEnd = CHUNKS;
}

/**
 * Cuts the next chunks, 64 bytes of text at a time, because a search per chunk would take longer than all other work.
 * Then touches their slots: most slots lie outside the first caches, and waiting for each in turn would take a third of
 * the time.
 *
 *     chunk: u64 hash | u32 start | u32 end
 */
function cut(): void {
  let to: usize = CHUNKS;
  let start = cutStart;
  let at = block;
  let mask: u64 = -1 << (<u64>(max(start, at) - at));
  do {
    for (let borders = bordersFrom(at) & mask; borders !== 0; borders &= borders - 1) {
      const end = at + <usize>ctz(borders);
      store<u64>(to, hashOf(start, <u32>(end - start)));
      store<u32>(to, <u32>start, 8);
      store<u32>(to, <u32>end, 12);
      to += CHUNK_BYTES;
      start = end + <usize>(load<u8>(end) === 0);
    }
    mask = -1;
    at += 64;
  } while (to < FULL && at < inputEnd);
  cutStart = start;
  block = at;
  next = CHUNKS;
  cutEnd = to;
  // Apart from the loop above, so that many loads are under way at once.
  for (let chunk: usize = CHUNKS; chunk < to; chunk += CHUNK_BYTES) touch(load<u64>(chunk));
}

/** Looks up chunks until the memo lacks one. */
function scan(): i32 {
  while (true) {
    if (next === cutEnd) cut();
    const start = <usize>load<u32>(next, 8);
    const end = <usize>load<u32>(next, 12);
    const length = <u32>(end - start);
    if (length !== 0) {
      const slot = find(load<u64>(next), start, length);
      if (slot === 0) {
        store<u64>(STATE, load<u64>(next, 8));
        return stop(MISS, out);
      }
      const meta = load<u32>(slot, 16);
      const bytes = ((meta >> COUNT_SHIFT) & 255) << 2;
      // Few chunks have flags.
      if (meta > FLAGLESS) {
        if (isRefused(meta, start, end)) return askForWhole();
        if (meta & HAS_UNKNOWN) sawUnknown = true;
      }
      if (meta & IN_ARENA) {
        const ids = load<u32>(slot, 20) + (length > 16 ? (length - 13) & ~3 : 0);
        for (let i: u32 = 0; i < bytes; i += 16) v128.store(out + i, v128.load(ids + i));
      } else {
        v128.store(out, v128.load(slot, 20));
      }
      out += bytes;
    }
    if (!pass(end)) return stop(DONE, out);
  }
}

/** Goes on to the next chunk, and returns whether there is one. */
function pass(end: usize): bool {
  next += CHUNK_BYTES;
  return load<u8>(end) !== 0 || endText(end);
}
