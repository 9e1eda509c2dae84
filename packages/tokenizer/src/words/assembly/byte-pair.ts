// As models/byte-pair.ts, for words short enough that a search through all pairs is faster than a queue: merges the pair
// of lowest rank, the first of several, until none merges.
import { find } from './tokens';

/** The arrays of models/merge-table.ts. */
let lefts: usize = 0;
let rights: usize = 0;
let results: usize = 0;
let slots: usize = 0;
let mask: u32 = 0;
let findsWhole: bool = false;
/** The rank of each symbol with the next one, u32. The symbols themselves are in the output. */
let ranks: usize = 0;

/** As an unsigned number, above all ranks. */
const NO_RANK: u32 = 0xffff_ffff;

export function setMerges(
  leftsAt: usize,
  rightsAt: usize,
  resultsAt: usize,
  slotsAt: usize,
  slotCount: u32,
  ignoresMerges: bool,
  scratch: usize,
): void {
  lefts = leftsAt;
  rights = rightsAt;
  results = resultsAt;
  slots = slotsAt;
  mask = slotCount - 1;
  findsWhole = ignoresMerges;
  ranks = scratch;
}

function rankOf(left: u32, right: u32): u32 {
  let hash = (left * 0x9e37_79b1) ^ (right * 0x85eb_ca6b);
  hash ^= hash >> 15;
  let slot = hash & mask;
  while (true) {
    const rank = load<u32>(slots + (slot << 2));
    if (rank === NO_RANK) return rank;
    if (load<u32>(lefts + (rank << 2)) === left && load<u32>(rights + (rank << 2)) === right) return rank;
    slot = (slot + 1) & mask;
  }
}

/** Writes the ids of the symbols that remain, and returns their number, or 0 if a character has no symbol. */
export function mergePairs(start: usize, end: usize, out: usize): u32 {
  if (findsWhole) {
    const whole = find(start, <u32>(end - start));
    if (whole !== 0) {
      store<u32>(out, whole - 1);
      return 1;
    }
  }
  let last: u32 = 0;
  for (let at = start; at < end; at++, last++) {
    const symbol = find(at, 1);
    if (symbol === 0) return 0;
    store<u32>(out + (last << 2), symbol - 1);
  }
  last--;
  for (let i: u32 = 0; i < last; i++) updateRank(out, i);
  while (true) {
    let best = NO_RANK;
    let place: u32 = 0;
    for (let i: u32 = 0; i < last; i++) {
      const rank = load<u32>(ranks + (i << 2));
      if (rank < best) {
        best = rank;
        place = i;
      }
    }
    if (best === NO_RANK) return last + 1;
    store<u32>(out + (place << 2), load<u32>(results + (best << 2)));
    last--;
    for (let i = place + 1; i <= last; i++) {
      store<u32>(out + (i << 2), load<u32>(out + (i << 2), 4));
      store<u32>(ranks + (i << 2), load<u32>(ranks + (i << 2), 4));
    }
    if (place < last) updateRank(out, place);
    if (place > 0) updateRank(out, place - 1);
  }
}

function updateRank(out: usize, place: u32): void {
  const pair = out + (place << 2);
  store<u32>(ranks + (place << 2), rankOf(load<u32>(pair), load<u32>(pair, 4)));
}
