// The vocabulary, in the flat arrays of models/vocabulary.ts. Most texts that are searched for are no tokens; a filter of a
// few bits per token, which fits the first caches, says so without a look at these arrays, which do not.
import { EMPTY_HASH, extended, slotOf } from '../../models/assembly/token-hash';

let units: usize = 0;
let starts: usize = 0;
let ids: usize = 0;
let slots: usize = 0;
let mask: u32 = 0;
/** Four bits per slot; the one at a token's hash is set. */
let filter: usize = 0;
/** Bytes of the longest token. */
export let longest: usize = 0;

export function setTokens(
  unitsAt: usize,
  startsAt: usize,
  idsAt: usize,
  slotsAt: usize,
  slotCount: u32,
  longestUnits: u32,
  size: u32,
  filterAt: usize,
): void {
  units = unitsAt;
  starts = startsAt;
  ids = idsAt;
  slots = slotsAt;
  mask = slotCount - 1;
  longest = longestUnits << 1;
  filter = filterAt;
  for (let token: u32 = 0; token < size; token++) {
    const place = starts + (token << 2);
    const bit = bitOf(
      hashOf(EMPTY_HASH, units + (load<u32>(place) << 1), units + (load<u32>(place, 4) << 1)),
    );
    store<u8>(filter + (bit >> 3), load<u8>(filter + (bit >> 3)) | <u8>((<u32>1) << (bit & 7)));
  }
}

function bitOf(hash: u32): u32 {
  return slotOf(hash, (mask << 2) | 3);
}

export function hashOf(hash: u32, start: usize, end: usize): u32 {
  for (let at = start; at < end; at += 2) hash = extended(hash, load<u16>(at));
  return hash;
}

/** One more than the number of the token with this text, whose hash is given, or 0. */
export function find(hash: u32, start: usize, end: usize): u32 {
  const bit = bitOf(hash);
  if (((load<u8>(filter + (bit >> 3)) >> (bit & 7)) & 1) === 0) return 0;
  const bytes = <u32>(end - start);
  let slot = slotOf(hash, mask);
  while (true) {
    const token = load<u32>(slots + (slot << 2));
    if (token === 0) return 0;
    const place = starts + (token << 2) - 4;
    const first = load<u32>(place);
    if ((load<u32>(place, 4) - first) << 1 === bytes && isEqual(units + (first << 1), start, end))
      return token;
    slot = (slot + 1) & mask;
  }
}

function isEqual(token: usize, start: usize, end: usize): bool {
  for (let at = start; at < end; at += 2, token += 2) {
    if (load<u16>(at) !== load<u16>(token)) return false;
  }
  return true;
}

export function idOf(token: u32): u32 {
  return load<u32>(ids + (token << 2) - 4);
}
