// The hash of tokens, as in ../vocabulary.ts: FNV-1a of 32 bits, a UTF-16 unit a step.

export const EMPTY_HASH: u32 = 0x811c_9dc5;
const PRIME: u32 = 0x0100_0193;

/** The hash of a text that continues with one more unit. */
export function extended(hash: u32, unit: u32): u32 {
  return (hash ^ unit) * PRIME;
}

/** The slot where the search for a hash begins: the upper bits count, too. */
export function slotOf(hash: u32, mask: u32): u32 {
  return (hash ^ (hash >> 15)) & mask;
}
