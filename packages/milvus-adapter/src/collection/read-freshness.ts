import type { Freshness } from '../wire/search-request.js';

/**
 * How fresh a read must be.
 *
 * - `session`: sees everything that this process wrote, and everything that was complete when the collection was opened.
 *   Later writes of other processes appear within a fraction of a second.
 * - `strong`: sees everything that was complete when the call was made. A Milvus server answers such a read after its
 *   next tick, up to 0.2 s later.
 * - `bounded`: sees everything older than a few seconds.
 * - `eventually`: sees what the server has at hand.
 */
export type Consistency = 'session' | 'strong' | 'bounded' | 'eventually';

/** `common.ConsistencyLevel` of common.proto. */
const LEVELS: Readonly<Record<Consistency, number>> = { strong: 0, session: 1, bounded: 2, eventually: 3 };

/** The smallest timestamp that requires nothing: 0 and 2 mean strong and bounded to older servers. */
const ANYTHING = 1n;

/** Times that reads must reach, by address, database and collection, for all collection objects of the process. */
const lastWrites = new Map<string, bigint>();

/** Tracks the time that reads of a collection must reach. */
export class ReadFreshness {
  readonly #key: string;
  #isTimeKnown = false;

  /** @param key - unique among the collections of all servers */
  constructor(key: string) {
    this.#key = key;
  }

  /** Later reads must reach this time; 0, from servers that report none, is ignored. */
  reach(timestamp: bigint): void {
    if (timestamp === 0n) return;
    this.#isTimeKnown = true;
    if (timestamp > (lastWrites.get(this.#key) ?? 0n)) lastWrites.set(this.#key, timestamp);
  }

  /** The fields of a request for this consistency. */
  fields(consistency: Consistency): Freshness {
    // Without the server's time, only a strong read is sure to see what was stored before.
    const level = consistency === 'session' && !this.#isTimeKnown ? 'strong' : consistency;
    return {
      consistency_level: LEVELS[level],
      use_default_consistency: false,
      guarantee_timestamp: String(
        level === 'session' ? (lastWrites.get(this.#key) ?? ANYTHING) : guarantee(level),
      ),
    };
  }
}

function guarantee(level: Consistency): bigint {
  return level === 'strong' ? 0n : level === 'bounded' ? 2n : ANYTHING;
}
