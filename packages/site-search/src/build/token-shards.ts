import { ByteWriter } from '../format/byte-writer.js';
import { compare } from '../format/utf8.js';
import type { ModelRows } from './model-rows.js';
import { groupedKeys, type ShardFiles } from './shards.js';

/** Bytes of a shard before compression: small, because a query needs one or two rows of it. */
const SHARD_BYTES = 2048;

/**
 * Writes the vocabulary with the rows of its tokens in shards, and returns the start of each. A word's longest token is
 * in the shard of the word: tokens that a word begins with sort before it, so those outside its shard are also
 * beginnings of the shard's start. Each shard repeats those few.
 */
export function writeTokenShards({ tokens, rows, dim }: ModelRows, files: ShardFiles): string[] {
  const sorted = tokens.map((key, row) => ({ key, row })).sort((a, b) => compare(a.key, b.key));
  const rowOf = new Map(tokens.map((token, row) => [token, row]));
  const starts: string[] = [];
  for (const { start, items } of groupedKeys(sorted, ({ key }) => key.length + dim, SHARD_BYTES)) {
    const beginnings = Array.from(start, (_, i) => [...start].slice(0, i).join('')).flatMap((key) => {
      const row = rowOf.get(key);
      return row === undefined ? [] : [{ key, row }];
    });
    const shard = [...beginnings, ...items];
    const writer = new ByteWriter();
    writer.varint(shard.length);
    shard.forEach(({ key }, i) => {
      writer.key(key, shard[i - 1]?.key ?? '');
    });
    for (const { row } of shard) {
      writer.bytes(new Uint8Array(rows.buffer, rows.byteOffset + row * dim, dim));
    }
    files.add('tokens', starts.length, writer.take());
    starts.push(start);
  }
  return starts;
}
