// The tokens that plain words can have, in an open-addressing table whose slots hold a token of up to 12 bytes
// themselves: finding one waits for one cache line, which takes longer than everything else that is done for a word.
// Most texts that are searched for are no tokens; a filter of four bits per slot, which fits the first caches, says so.
//
//   slot: the first 12 bytes of the token, zero-padded | u32 meta, 0 if free
//   slot of a longer token: its first 8 bytes | u32 address of its length and of its text | u32 meta
import { hashOf, headOf, tailOf } from '../../fast/assembly/chunk-memo';

const SLOT_BITS: u32 = 4;
/** Meta: one more than the id, and a bit for longer tokens. */
const IS_LONG: u32 = 0x8000_0000;
const MOST_INLINE: u32 = 12;
/** Pieces have no more bytes, so longer tokens are left out. */
const MOST_BYTES: u32 = 129;
const PAGE_BYTES: usize = 0x1_0000;

/** The byte for the one unit beyond ASCII that pieces can begin with. */
const MARK_BYTE: u32 = 0x80;

let mark: u32 = 0;
let shift: u64 = 0;
let mask: u32 = 0;
let filter: usize = 0;
let slots: usize = 0;
/** Where the next longer token is stored. */
let rest: usize = 0;
/** Bytes of the longest token. */
export let longest: u32 = 0;

/**
 * @param markUnit - the unit for the byte 128
 * @param bits - logarithm of the slots
 * @param at - start of the filter, `1 << bits - 1` zeros, and of the slots behind it
 */
export function setTokens(markUnit: u32, bits: u32, at: usize): void {
  mark = markUnit;
  shift = 64 - <u64>bits;
  mask = (1 << bits) - 1;
  filter = at;
  slots = at + ((<usize>1) << (bits - 1));
  rest = slots + ((<usize>1) << (bits + SLOT_BITS));
  // A page that is read before it is written is mapped twice.
  memory.fill(slots, 0, rest - slots);
}

/**
 * Adds the tokens that pieces can contain, from UTF-16 end to end, and reads up to 32 bytes behind it.
 *
 * @param starts - start of each in `units`, u32, and the end of the last
 * @param base - what the first start counts from
 * @param to - where a token is written first, with room for MOST_BYTES and 16 more
 * @returns whether the ids fit, and the memory
 */
export function addTokens(starts: usize, ids: usize, count: u32, units: usize, base: u32, to: usize): bool {
  for (let i: u32 = 0; i < count; i++) {
    const place = starts + (i << 2);
    const first = load<u32>(place);
    const length = load<u32>(place, 4) - first;
    if (length > MOST_BYTES || !narrow(units + ((first - base) << 1), length, to)) continue;
    if (!add(to, length, load<u32>(ids + (i << 2)))) return false;
  }
  return true;
}

/** Writes a token as bytes, 16 at a time, and returns whether it has only characters of pieces. */
function narrow(units: usize, length: u32, to: usize): bool {
  for (let i: u32 = 0; i < length; i += 16) {
    const first = v128.load(units + (i << 1));
    const second = v128.load(units + (i << 1), 16);
    const marks = i8x16.narrow_i16x8_s(
      i16x8.eq(first, i16x8.splat(<i16>mark)),
      i16x8.eq(second, i16x8.splat(<i16>mark)),
    );
    // Units beyond ASCII become at least 128, or 0 from 0x8000 on.
    const bytes = i8x16.narrow_i16x8_u(first, second);
    const ascii = i8x16.gt_s(bytes, i8x16.splat(0));
    const left = length - i;
    const wanted: u32 = left < 16 ? (1 << left) - 1 : 0xffff;
    if ((<u32>i8x16.bitmask(v128.or(ascii, marks)) & wanted) !== wanted) return false;
    v128.store(to + i, v128.bitselect(i8x16.splat(<i8>MARK_BYTE), bytes, marks));
  }
  return length !== 0;
}

function add(start: usize, length: u32, id: u32): bool {
  if (id >= IS_LONG - 1) return false;
  const hash = hashOf(start, length);
  const byte = filterByte(hash);
  store<u8>(byte, load<u8>(byte) | <u8>((<u32>1) << filterBit(hash)));
  let slot = <u32>(hash >> shift);
  while (load<u32>(slotAt(slot), 12) !== 0) slot = (slot + 1) & mask;
  const at = slotAt(slot);
  let meta = id + 1;
  let more = <u32>tailOf(start, length);
  if (length > MOST_INLINE) {
    const end = rest + 4 + length;
    if (end > <usize>memory.size() * PAGE_BYTES && memory.grow(1) < 0) return false;
    store<u32>(rest, length);
    memory.copy(rest + 4, start, length);
    more = <u32>rest;
    rest = end;
    meta |= IS_LONG;
  }
  store<u64>(at, headOf(start, length));
  store<u32>(at, more, 8);
  store<u32>(at, meta, 12);
  longest = max(longest, length);
  return true;
}

function filterByte(hash: u64): usize {
  return filter + <usize>(hash >> (shift + 1));
}

function filterBit(hash: u64): u32 {
  return <u32>(hash >> (shift - 2)) & 7;
}

function slotAt(slot: u32): usize {
  return slots + ((<usize>slot) << SLOT_BITS);
}

/** One more than the id of the token with this text, or 0. Reads up to 16 bytes. */
export function find(start: usize, length: u32): u32 {
  const hash = hashOf(start, length);
  if (((load<u8>(filterByte(hash)) >> filterBit(hash)) & 1) === 0) return 0;
  const first = headOf(start, length);
  const second = tailOf(start, length);
  let slot = <u32>(hash >> shift);
  while (true) {
    const at = slotAt(slot);
    const meta = load<u32>(at, 12);
    if (meta === 0) return 0;
    if (load<u64>(at) === first) {
      const more = load<u32>(at, 8);
      if (length <= MOST_INLINE) {
        if (more === <u32>second && meta < IS_LONG) return meta;
      } else if (meta > IS_LONG && load<u32>(more) === length && isEqual(more + 4, start, length)) {
        return meta - IS_LONG;
      }
    }
    slot = (slot + 1) & mask;
  }
}

function isEqual(token: usize, start: usize, length: u32): bool {
  for (let i: u32 = 8; i < length; i++) if (load<u8>(token + i) !== load<u8>(start + i)) return false;
  return true;
}
