// Layout of the memory; each region follows the one before. The module imports its memory and uses bytes 0 to END;
// other users of the memory start there.

/** Most UTF-16 units of all texts of one pass, including one terminator per text. */
const INPUT_UNITS: u32 = 1 << 16;
/** Most texts of one pass. */
const MAX_TEXTS: u32 = 1 << 12;
/** Most ids of a chunk per byte of its UTF-8; a pipeline with more has no fast path. */
export const IDS_PER_BYTE: u32 = 4;
/** Loads and stores round up past the requested end by less than this. */
const SLACK: u32 = 64;

/** Four words that report to JavaScript why {@link scan} stopped: see chunk-scan.ts. */
export const STATE: u32 = 0;
/** Sixteen bytes of 255, then sixteen of 0: the mask of an n-byte key is read at MASKS + 16 - n. */
export const MASKS: u32 = 32;
/** Bit h of byte l is set if the ASCII character h × 16 + l is punctuation to cut around. */
export const PUNCTUATION: u32 = 64;
/** Chunks that were cut and not looked up yet: see index.ts. */
export const CHUNKS: u32 = 128;
export const CHUNK_BYTES: u32 = 16;
/** Cutting stops from here on; the last 64 bytes of text have up to 64 chunks. */
export const FULL: u32 = CHUNKS + 64 * CHUNK_BYTES;
/** End of each text's ids, relative to IDS; one u32 per text. */
export const ENDS: u32 = FULL + 64 * CHUNK_BYTES;
/** UTF-8 of the texts, a zero after each. */
export const INPUT: u32 = ENDS + 4 * MAX_TEXTS;
export const INPUT_BYTES: u32 = 3 * INPUT_UNITS;
/** Ids, u32. */
export const IDS: u32 = INPUT + INPUT_BYTES + SLACK;
/** Data too long for the slots of the memo: rests of long keys, long lists of ids. */
export const ARENA: u32 = IDS + 4 * IDS_PER_BYTE * INPUT_BYTES + SLACK;
export const ARENA_BYTES: u32 = 1 << 22;
/** Slots of the memo; see chunk-memo.ts. */
export const TABLE: u32 = ARENA + ARENA_BYTES + SLACK;
export const SLOT_BYTES: u32 = 32;
export const MAX_SLOTS: u32 = 1 << 17;
export const END: u32 = TABLE + SLOT_BYTES * MAX_SLOTS + SLACK;
/** The memo starts with fewer slots, in memory that ends here. */
export const FIRST_BITS: u32 = 14;
export const FIRST_END: u32 = TABLE + (SLOT_BYTES << FIRST_BITS) + SLACK;
