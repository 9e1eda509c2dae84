import type { Freshness } from '../wire/search-request.js';

/**
 * How fresh what is read must be.
 *
 * - `session`: everything written through this process, and everything that was complete when the collection was
 *   opened; what other processes write later appears within a fraction of a second.
 * - `strong`: everything that was complete when the call was made, by whomever. A Milvus server answers such a search
 *   only after its next tick, up to 0.2 s later.
 * - `bounded`: everything older than a few seconds.
 * - `eventually`: whatever is there.
 */
export type Consistency = 'session' | 'strong' | 'bounded' | 'eventually';

/** `common.ConsistencyLevel` of common.proto. */
const LEVELS: Readonly<Record<Consistency, number>> = { strong: 0, session: 1, bounded: 2, eventually: 3 };

/** The smallest timestamp that asks for nothing: 0 and 2 mean strong and bounded to older servers. */
const ANYTHING = 1n;

/** Times that reads must reach, by address, database and collection: every collection object of a process sees them. */
const lastWrites = new Map<string, bigint>();

/** Follows what reads of a collection must see. */
export class ReadFreshness {
  readonly #key: string;
  #isTimeKnown = false;

  /** @param key - tells collections of all servers apart */
  constructor(key: string) {
    this.#key = key;
  }

  /** Reads must have come to this time from now on; 0 from servers that tell none. */
  reach(timestamp: bigint): void {
    if (timestamp === 0n) return;
    this.#isTimeKnown = true;
    if (timestamp > (lastWrites.get(this.#key) ?? 0n)) lastWrites.set(this.#key, timestamp);
  }

  /** The fields of a request that ask for this much. */
  fields(consistency: Consistency): Freshness {
    // Where nobody told the time when the collection was opened, only a strong read is sure to see what was there.
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
