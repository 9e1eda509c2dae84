// As models/word-piece.ts: the longest token at the start of the word, then the longest that continues it, to its end.
import { find, longest } from './tokens';

let continuation: usize = 0;
let continuationBytes: u32 = 0;
let mostUnits: u32 = 0;

export function setContinuation(start: usize, bytes: u32, maxUnits: u32): void {
  continuation = start;
  continuationBytes = bytes;
  mostUnits = maxUnits;
}

/** Writes the ids of the tokens, and returns their number, or 0 if they do not cover the word. */
export function coverWord(start: usize, end: usize, out: usize): u32 {
  if (<u32>(end - start) > mostUnits) return 0;
  let count: u32 = 0;
  let before: u32 = 0;
  while (true) {
    let length = min(<u32>(end - start), longest);
    let token: u32 = 0;
    for (; length > before; length--) {
      token = find(start, length);
      if (token !== 0) break;
    }
    if (token === 0) return 0;
    store<u32>(out + (count++ << 2), token - 1);
    start += length;
    if (start === end) return count;
    // Written over units that are covered, so that the next token is one text.
    before = continuationBytes;
    start -= before;
    for (let i: u32 = 0; i < before; i++) store<u8>(start + i, load<u8>(continuation + i));
  }
}
