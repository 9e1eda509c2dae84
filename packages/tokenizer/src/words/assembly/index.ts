// Gives the ids of new words. Wraps the steps of ../../fast/assembly in the same memory: when one stops at a chunk that the
// memo lacks, and the chunk is a plain word, the ids are found here and the pass goes on; plain-words.ts says which those are.
//
// Every result is that of the readable models. A word that they would call unknown, or not find in one simple way, is
// left to them: the function of its family returns 0 ids.
import { BAD_START } from '../../fast/assembly/chunk-memo';
import { STATE } from '../../fast/assembly/memory-map';
import { mergePairs } from './byte-pair';
import * as scan from './scan';
import { find } from './tokens';
import { findBestPath } from './unigram';
import { coverWord } from './word-piece';

export { END } from '../../fast/assembly/memory-map';
export { setMerges } from './byte-pair';
export { addTokens, setTokens } from './tokens';
export { setScores } from './unigram';
export { setContinuation } from './word-piece';

/** Same number as in ../../fast/assembly. */
const MISS: i32 = 1;

/** Same numbers as in word-scan.ts. */
const WORD_PIECE: u32 = 0;
const UNIGRAM: u32 = 1;
const BYTE_PAIR: u32 = 2;

/** Longer chunks are left to the readable models. */
const MOST_BYTES: usize = 128;
const NO_ID: u32 = 0xffff_ffff;
/** As a lead: chunks of this kind are left to the pipeline. */
const NO_WORDS: u32 = 0xffff_ffff;

let family: u32 = 0;
/** Id of a word that WordLevel lacks, or NO_ID. */
let unknown: u32 = NO_ID;
let lowercases: bool = false;
/** Kind of each ASCII character, u8, as in plain-words.ts. */
let kinds: usize = 0;
let cuts: u32 = 0;
let startFlags: u32 = 0;
let leadAfterSpace: u32 = 0;
let leadAtStart: u32 = 0;
let leadInside: u32 = 0;
/** The piece, with room before it for the continuation of WordPiece. */
let piece: usize = 0;

/** `needsStart`: chunks without a space are valid at the start of a text only. */
export function setWords(
  kind: u32,
  lowercase: bool,
  kindsAt: usize,
  cutBits: u32,
  needsStart: bool,
  scratch: usize,
): void {
  family = kind;
  lowercases = lowercase;
  kinds = kindsAt;
  cuts = cutBits;
  startFlags = needsStart ? BAD_START : 0;
  piece = scratch;
}

export function setUnknown(id: u32): void {
  unknown = id;
}

/** A lead is the byte before the characters of a piece, as in tokens.ts, or 0 for none. */
export function setLeads(afterSpace: u32, atStart: u32, inside: u32): void {
  leadAfterSpace = afterSpace;
  leadAtStart = atStart;
  leadInside = inside;
}

export function begin(count: u32, end: usize, flags: u32, limit: u32, drop: bool): i32 {
  return readWords(scan.begin(count, end, flags, limit, drop));
}

export function resolve(count: u32, flags: u32): i32 {
  return readWords(scan.resolve(count, flags));
}

export function skip(): i32 {
  return readWords(scan.skip());
}

function readWords(status: i32): i32 {
  while (status === MISS) {
    const start = load<u32>(STATE);
    const count = readWord(start, load<u32>(STATE, 4), load<u32>(STATE, 8));
    if (count === 0) break;
    status = scan.resolve(count, load<u8>(start) === 0x20 ? 0 : startFlags);
  }
  return status;
}

/** Writes the ids of a chunk, and returns their number, or 0 to leave it to the pipeline. */
function readWord(start: usize, end: usize, out: usize): u32 {
  if (end - start > MOST_BYTES) return 0;
  const isSpaced = load<u8>(start) === 0x20;
  const lead = isSpaced ? leadAfterSpace : leadAtStart;
  const first = start + <usize>isSpaced;
  if (lead === NO_WORDS || first === end) return 0;
  let count: u32 = 0;
  let to = withLead(lead);
  let before: u32 = 0;
  for (let at = first; at < end; at++) {
    const byte = <u32>load<u8>(at);
    const kind = byte < 128 ? <u32>load<u8>(kinds + byte) : 0;
    if (kind === 0) return 0;
    if (before !== 0 && ((cuts >> (4 * before + kind - 5)) & 1) !== 0) {
      const added = tokenize(to, out + (count << 2));
      if (added === 0) return 0;
      count += added;
      to = withLead(leadInside);
    }
    store<u8>(to++, lowercases && byte - 0x41 < 26 ? byte | 0x20 : byte);
    before = kind;
  }
  const added = tokenize(to, out + (count << 2));
  return added === 0 ? 0 : count + added;
}

function withLead(lead: u32): usize {
  store<u8>(piece, lead);
  return piece + <usize>(lead !== 0);
}

function tokenize(end: usize, out: usize): u32 {
  if (family === WORD_PIECE) return coverWord(piece, end, out);
  if (family === UNIGRAM) return findBestPath(piece, end, out);
  if (family === BYTE_PAIR) return mergePairs(piece, end, out);
  const token = find(piece, <u32>(end - piece));
  const id = token === 0 ? unknown : token - 1;
  store<u32>(out, id);
  return id === NO_ID ? 0 : 1;
}
