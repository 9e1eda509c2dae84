// As models/word-piece.ts: the longest token at the start of the word, then the longest that continues it, to its end.
import { EMPTY_HASH, extended } from '../../models/assembly/token-hash';
import { find, hashOf, idOf, longest } from './tokens';

let continuation: usize = 0;
let continuationBytes: usize = 0;
let continuationHash: u32 = 0;
let mostUnits: usize = 0;
/** One hash per unit of a piece, u32. */
let hashes: usize = 0;

export function setContinuation(start: usize, end: usize, maxUnits: u32, scratch: usize): void {
  continuation = start;
  continuationBytes = end - start;
  continuationHash = hashOf(EMPTY_HASH, start, end);
  mostUnits = maxUnits;
  hashes = scratch;
}

/** Writes the ids of the tokens, and returns their number, or 0 if they do not cover the word. */
export function coverWord(start: usize, end: usize, out: usize): u32 {
  if ((end - start) >> 1 > mostUnits) return 0;
  let count: u32 = 0;
  let before: usize = 0;
  let hash = EMPTY_HASH;
  while (start < end) {
    if (longest <= before) return 0;
    const most = min(end, start + longest - before);
    let last = hashes;
    for (let at = start; at < most; at += 2) {
      hash = extended(hash, load<u16>(at));
      store<u32>(last, hash);
      last += 4;
    }
    let to = most;
    let token: u32 = 0;
    for (; to > start; to -= 2) {
      last -= 4;
      token = find(load<u32>(last), start - before, to);
      if (token !== 0) break;
    }
    if (token === 0) return 0;
    store<u32>(out + (count++ << 2), idOf(token));
    start = to;
    // Written over units that are covered, so that the next token is one text.
    before = continuationBytes;
    memory.copy(start - before, continuation, before);
    hash = continuationHash;
  }
  return count;
}
