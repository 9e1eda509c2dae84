import { isBefore } from './utf8.js';

/**
 * Returns the shard that holds a key. Shard i holds the keys from `starts[i]`, and the first shard also what precedes
 * them; all in the order of UTF-8 bytes.
 */
export function shardOf(starts: readonly string[], key: string): number {
  let low = 0;
  let high = starts.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (isBefore(key, starts[middle]!)) high = middle;
    else low = middle;
  }
  return low;
}

/** Returns the shortest beginning of `key` that is greater than `previous`, to keep lists of starts small. */
export function shortestStart(previous: string, key: string): string {
  const characters = [...key];
  for (let length = 1; length < characters.length; length++) {
    const start = characters.slice(0, length).join('');
    if (isBefore(previous, start)) return start;
  }
  return key;
}
