import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { shortestStart } from '../format/shard-starts.js';

/** Files of an index by name, compressed. */
export class ShardFiles {
  readonly files: Map<string, Uint8Array> = new Map();

  /** Adds shard `index` of a kind; compressed here, because many static hosts do not compress unknown types. */
  add(kind: ShardKind, index: number, bytes: Uint8Array): void {
    const packed = gzipSync(bytes, { level: 9 });
    // The byte for the operating system, so that every machine writes the same file.
    packed[9] = 255;
    this.files.set(`${kind}${index}.bin`, packed);
  }

  /** Name that changes with the content. */
  fingerprint(): string {
    const hash = createHash('sha256');
    for (const [name, bytes] of this.files) hash.update(`${name} ${bytes.length}\n`).update(bytes);
    return hash.digest('hex').slice(0, 12);
  }
}

/** Tokens with their rows, words with their postings, vectors of a cluster, records of passages. */
export type ShardKind = 'tokens' | 'words' | 'vectors' | 'records';

/** Groups sorted keys into shards of about `limit` bytes each, and returns their starts. */
export function* groupedKeys<Item extends { readonly key: string }>(
  items: readonly Item[],
  sizeOf: (item: Item) => number,
  limit: number,
): Generator<{ readonly start: string; readonly items: readonly Item[] }, void, undefined> {
  let from = 0;
  let size = 0;
  for (let i = 0; i <= items.length; i++) {
    const next = i < items.length ? sizeOf(items[i]!) : Number.POSITIVE_INFINITY;
    if (size > 0 && size + next > limit) {
      const start = shortestStart(items[from - 1]?.key ?? '', items[from]!.key);
      yield { start, items: items.slice(from, i) };
      from = i;
      size = 0;
    }
    size += next;
  }
}
