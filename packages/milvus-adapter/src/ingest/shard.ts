import type { Key } from '@model2vec-ts/search';
import { invalidArgument } from '../milvus-error.js';

/** One part of an input shared by several jobs: part `index` of `count`, counted from 0. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

const WRITTEN = /^(\d{1,7})\/(\d{1,7})$/;

/**
 * Parses `i/n`, counted from 0 like the index of a Kubernetes job: `0/4` is the first of four parts.
 *
 * @throws `MilvusError` with `invalid-argument` for anything else
 *
 * @example
 * ```ts
 * import { parseShard } from '@model2vec-ts/milvus-adapter';
 *
 * console.log(parseShard('0/4')); // { index: 0, count: 4 }
 * ```
 */
export function parseShard(text: string): Shard {
  const [, index, count] = WRITTEN.exec(text) ?? [];
  const shard = { index: Number(index), count: Number(count) };
  if (!(shard.index < shard.count)) {
    throw invalidArgument('a shard', 'i/n with i from 0 to n - 1, such as 0/4', text);
  }
  return shard;
}

/**
 * The part of `count`, from 0, that a row belongs to. It depends only on the id, on every machine and in every version,
 * so jobs share no state and a repeated job selects the same rows. A number and the string of its digits agree.
 *
 * The rule, for other programs: 32-bit FNV-1a of the id's UTF-8, then the finalizer of MurmurHash3, modulo `count`.
 * Parts differ in size only by chance.
 *
 * @param id - key of the row; `contentId(text)` for rows that derive it from their text
 * @param count - number of parts, from 1 to 2³² − 1
 * @throws `MilvusError` with `invalid-argument` for an invalid `count`
 * @example
 * ```ts
 * import { contentId, parseShard, shardOf, type TextRow } from '@model2vec-ts/milvus-adapter';
 *
 * const { index, count } = parseShard('3/16');
 *
 * async function* mine(rows: AsyncIterable<TextRow>): AsyncGenerator<TextRow> {
 *   for await (const row of rows) if (shardOf(row.id ?? contentId(row.text), count) === index) yield row;
 * }
 * ```
 */
export function shardOf(id: Key, count: number): number {
  if (!(Number.isInteger(count) && count > 0 && count <= 0xffff_ffff)) {
    throw invalidArgument('the number of shards', 'a whole number from 1 to 4294967295', count);
  }
  return finalized(fnv1a(String(id))) % count;
}

const FNV_OFFSET = 0x811c_9dc5;
const FNV_PRIME = 0x0100_0193;

function fnv1a(text: string): number {
  let hash = FNV_OFFSET;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    // Most ids are ASCII, whose units are their bytes; the first other character starts over with the encoder.
    if (unit > 0x7f) return fnv1aOfBytes(Buffer.from(text));
    hash = Math.imul(hash ^ unit, FNV_PRIME);
  }
  return hash;
}

function fnv1aOfBytes(bytes: Uint8Array): number {
  let hash = FNV_OFFSET;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, FNV_PRIME);
  return hash;
}

/** `fmix32` of MurmurHash3: FNV's low bits depend too much on the last letter for a modulo. */
function finalized(hash: number): number {
  hash ^= hash >>> 16;
  hash = Math.imul(hash, 0x85eb_ca6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2b2_ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
