// As models/unigram.ts: Viterbi's algorithm from left to right; of equal sums the first stays.
import { find, longest } from './tokens';

/** Score by id, f64. */
let scores: usize = 0;
let unknown: u32 = 0;
/** For each position of the piece: the sum of the best path, f64, where its last token starts, and the token's id, u32. */
let paths: usize = 0;

const UNREACHED: u32 = 0xffff_ffff;

export function setScores(scoresAt: usize, unknownId: u32, scratch: usize): void {
  scores = scoresAt;
  unknown = unknownId;
  paths = scratch;
}

/** Writes the ids of the tokens, and returns their number, or 0 if a character has no token or the path is unknown. */
export function findBestPath(start: usize, end: usize, out: usize): u32 {
  const units = <u32>(end - start);
  for (let i: u32 = 1; i <= units; i++) store<u32>(paths + (i << 4), UNREACHED, 8);
  store<f64>(paths, 0);
  for (let from: u32 = 0; from < units; from++) {
    const before = load<f64>(paths + (from << 4));
    const most = min(units - from, longest);
    let isCovered = false;
    for (let length: u32 = 1; length <= most; length++) {
      const token = find(start + from, length);
      if (token === 0) continue;
      if (length === 1) isCovered = true;
      const id = token - 1;
      const path = paths + ((from + length) << 4);
      const score = load<f64>(scores + ((<usize>id) << 3)) + before;
      if (load<u32>(path, 8) === UNREACHED || score > load<f64>(path)) {
        store<f64>(path, score);
        store<u32>(path, from, 8);
        store<u32>(path, id, 12);
      }
    }
    if (!isCovered) return 0;
  }
  let count: u32 = 0;
  for (let to = units; to > 0; to = load<u32>(paths + (to << 4), 8)) count++;
  let to = units;
  for (let i = count; i > 0; i--) {
    const path = paths + (to << 4);
    const id = load<u32>(path, 12);
    if (id === unknown) return 0;
    store<u32>(out + ((i - 1) << 2), id);
    to = load<u32>(path, 8);
  }
  return count;
}
