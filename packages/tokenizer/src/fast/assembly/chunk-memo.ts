// Ids by chunk: an open-addressing table whose slots hold chunks of up to 16 bytes and up to three ids themselves, so
// that a hit touches one cache line.
//
//   slot: 16 bytes of key, zero-padded | u32 meta | three ids, or the arena offset of the rest of the key and the ids
//
// A chunk contains no zero byte. The memo is full when five eighths of the slots or the arena are used; it then grows,
// once, and later starts over. It starts with few slots, because engines collect garbage when a program takes megabytes
// of memory, which would cost much of the time to a first vector.
import { ARENA, ARENA_BYTES, END, FIRST_BITS, MASKS, SLOT_BYTES, TABLE } from './memory-map';

/** Longer chunks are not memoised. */
const MAX_KEY: u32 = 128;
const MAX_IDS: u32 = 255;
/** A chunk that finds no free slot among this many evicts the last one, so that no choice of chunks is slow. */
const MAX_PROBES: u32 = 32;

/** Meta of a slot: length of the key in the low byte, number of ids in the next, flags above. Zero if free. */
export const COUNT_SHIFT: u32 = 8;
/** The ids are valid only if the text begins with the chunk. */
export const BAD_START: u32 = 1 << 16;
/** The ids are valid only if the text ends with the chunk. */
export const BAD_END: u32 = 1 << 17;
/** The ids are never valid: a text with this chunk is read as a whole. */
export const NEVER: u32 = 1 << 18;
export const HAS_UNKNOWN: u32 = 1 << 19;
export const IN_ARENA: u32 = 1 << 20;
/** Largest meta without any of these flags. */
export const FLAGLESS: u32 = BAD_START - 1;

const K0: u64 = ((<u64>0x9e37_79b9) << 32) | 0x7f4a_7c15;
const K1: u64 = ((<u64>0xc2b2_ae3d) << 32) | 0x27d4_eb4f;

let mostBits: u32 = 0;
let shift: u64 = 0;
/** Number of slots, and how many may be used. */
let slots: u32 = 0;
let limit: u32 = 0;
let used: u32 = 0;
let arena: u32 = ARENA;

/**
 * Limits the memo to `1 << bits` slots, at most MAX_SLOTS. The memory is new and already zero, so writing zeros would
 * only cost time.
 */
export function prepare(bits: u32): void {
  memory.fill(MASKS, 255, 16);
  mostBits = bits;
  takeSlots(min(bits, FIRST_BITS));
}

function takeSlots(bits: u32): void {
  shift = 64 - bits;
  slots = 1 << bits;
  limit = (slots >> 3) * 5;
  used = 0;
}

function clear(): void {
  memory.fill(TABLE, 0, <usize>(slots * SLOT_BYTES));
  used = 0;
  arena = ARENA;
}

/** Grows the memo, and returns whether it did. Long chunks are dropped, since they are few. */
function grow(): bool {
  const bytes = slots * SLOT_BYTES;
  const copy = ARENA + ARENA_BYTES - bytes;
  if (64 - <u32>shift === mostBits || arena > copy) return false;
  const missing = <i32>((END + 0xffff) >> 16) - memory.size();
  if (missing > 0 && memory.grow(missing) < 0) return false;
  memory.copy(copy, TABLE, bytes);
  takeSlots(mostBits);
  // A page that is read before it is written is mapped twice.
  memory.fill(TABLE, 0, slots * SLOT_BYTES);
  for (let at = copy; at < copy + bytes; at += SLOT_BYTES) {
    const length = load<u8>(at, 16);
    if (length === 0 || length > 16) continue;
    memory.copy(takeSlot(hashOfShort(load<u64>(at, 0), load<u64>(at, 8))), at, SLOT_BYTES);
  }
  return true;
}

/** Returns a free slot, evicting another chunk if needed. */
function takeSlot(hash: u64): u32 {
  let index = <u32>(hash >> shift);
  let slot: u32 = 0;
  for (let probe: u32 = 0; probe < MAX_PROBES; probe++) {
    slot = TABLE + index * SLOT_BYTES;
    if (load<u32>(slot, 16) === 0) {
      used++;
      break;
    }
    index = (index + 1) & (slots - 1);
  }
  return slot;
}

function round(hash: u64, word: u64): u64 {
  const mixed = (hash ^ word) * K1;
  return mixed ^ (mixed >> 32);
}

/** The upper bits of the hash index the slots: every bit of the key affects the bits above it, so none is lost. */
function hashOfShort(first: u64, second: u64): u64 {
  return (first ^ (second * K1)) * K0;
}

function hashOfLong(start: usize, length: u32): u64 {
  let hash = K0;
  const end = start + length;
  let at = start;
  for (; at + 8 <= end; at += 8) hash = round(hash, load<u64>(at));
  if (at < end) hash = round(hash, load<u64>(at) & ((1 << ((end - at) << 3)) - 1));
  return hash * K0;
}

/** The first 8 bytes of a text, zero-padded; {@link tailOf} returns the next 8. */
export function headOf(start: usize, length: u32): u64 {
  return load<u64>(start) & load<u64>(MASKS + 16 - min(length, 16));
}

export function tailOf(start: usize, length: u32): u64 {
  return load<u64>(start, 8) & load<u64>(MASKS + 16 - min(length, 16), 8);
}

export function hashOf(start: usize, length: u32): u64 {
  return length > 16 ? hashOfLong(start, length) : hashOfShort(headOf(start, length), tailOf(start, length));
}

/** Starts to load the slot of a hash. The engine keeps a load whose value is not used, because it could trap. */
export function touch(hash: u64): void {
  load<u64>(TABLE + <u32>(hash >> shift) * SLOT_BYTES);
}

/** The slot of a chunk, or 0 if it is unknown. */
export function find(hash: u64, start: usize, length: u32): u32 {
  if (length > MAX_KEY) return 0;
  const first = headOf(start, length);
  const second = tailOf(start, length);
  let index = <u32>(hash >> shift);
  for (let probe: u32 = 0; probe < MAX_PROBES; probe++) {
    const slot = TABLE + index * SLOT_BYTES;
    if (load<u64>(slot, 0) === first && load<u64>(slot, 8) === second && load<u8>(slot, 16) === <u8>length) {
      if (length <= 16 || isRest(load<u32>(slot, 20), start, length)) return slot;
    }
    if (load<u32>(slot, 16) === 0) return 0;
    index = (index + 1) & (slots - 1);
  }
  return 0;
}

function isRest(rest: usize, start: usize, length: u32): bool {
  for (let i: u32 = 16; i < length; i++) if (load<u8>(rest + i - 16) !== load<u8>(start + i)) return false;
  return true;
}

/** Memoises the ids of a chunk. `flags` is the upper half of the meta. */
export function insert(hash: u64, start: usize, length: u32, ids: usize, count: u32, flags: u32): void {
  if (length > MAX_KEY || count > MAX_IDS) return;
  const isLong = length > 16;
  const rest: u32 = isLong ? (length - 13) & ~3 : 0;
  if ((used === limit || arena + rest + 4 * count > ARENA + ARENA_BYTES) && !grow()) clear();
  const slot = takeSlot(hash);
  const first = v128.load(start);
  v128.store(slot, isLong ? first : v128.and(first, v128.load(MASKS + 16 - length)));
  if (isLong || count > 3) {
    flags |= IN_ARENA;
    store<u32>(slot, arena, 20);
    if (isLong) memory.copy(arena, start + 16, length - 16);
    memory.copy(arena + rest, ids, count << 2);
    arena += rest + 4 * count;
  } else {
    // Words of a slot beyond the last id are never read.
    for (let i: u32 = 0; i < count; i++) store<u32>(slot + (i << 2), load<u32>(ids + (i << 2)), 20);
  }
  store<u32>(slot, length | (count << COUNT_SHIFT) | flags, 16);
}
