/** Distinct tokens end to end, their ids, and a hash table. */
export interface PackedTokens {
  /** UTF-16 units of all tokens. */
  readonly units: Uint16Array;
  /** Token `i` owns `units[starts[i] .. starts[i + 1])`; at least one element more than tokens. */
  readonly starts: Uint32Array;
  /** At least one element per token. */
  readonly ids: Uint32Array;
  readonly size: number;
  /**
   * One more than a token's number, at its hash modulo the length, a power of two, or in the next free slot; 0 if free. At
   * most half full.
   */
  readonly slots: Uint32Array;
  /** Number of tokens of each length in code points. */
  readonly lengthCounts: ArrayLike<number>;
  /** Units of the longest token. */
  readonly longest: number;
  /** Score of each token, whose ids are then their numbers. */
  readonly scores?: Float64Array | undefined;
}

/** Result of {@link Vocabulary.longestAt} if there is no token. */
export const NO_TOKEN: number = -1;

/** A prefix of tokens, which is searched before other text. */
export interface TokenBeginning {
  readonly text: string;
  readonly hash: number;
}

/** FNV-1a of 32 bits, a UTF-16 unit a step; assembly/ does the same. */
export const EMPTY_HASH = 0x811c_9dc5;
export const HASH_PRIME = 0x0100_0193;

function hashOf(text: string): number {
  let hash = EMPTY_HASH;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), HASH_PRIME);
  return hash;
}

/** {@link TokenBeginning} of a text, which can be empty. */
export function tokenBeginning(text: string): TokenBeginning {
  return { text, hash: hashOf(text) };
}

/** Slot where the search for a hash begins; the upper bits count, too. */
function firstSlot(hash: number, slots: Uint32Array): number {
  return (hash ^ (hash >>> 15)) & (slots.length - 1);
}

/**
 * Returns the number of the token that is `before` followed by `length` units of `text`, which together have this hash, or
 * {@link NO_TOKEN}.
 */
export function findToken(
  packed: PackedTokens,
  hash: number,
  before: string,
  text: string,
  start: number,
  length: number,
): number {
  const { slots } = packed;
  const mask = slots.length - 1;
  for (let slot = firstSlot(hash, slots); ; slot = (slot + 1) & mask) {
    const number = slots[slot]! - 1;
    if (number < 0) return NO_TOKEN;
    if (isText(packed, number, before, text, start, length)) return number;
  }
}

function isText(
  { units, starts }: PackedTokens,
  number: number,
  before: string,
  text: string,
  start: number,
  length: number,
): boolean {
  const first = starts[number]!;
  const count = before.length + length;
  if (starts[number + 1]! !== first + count) return false;
  for (let i = 0; i < count; i++) {
    const at = i - before.length;
    if (units[first + i] !== (at < 0 ? before.charCodeAt(i) : text.charCodeAt(start + at))) return false;
  }
  return true;
}

/** Number of slots for a number of tokens. */
export function slotCount(tokens: number): number {
  let count = 16;
  while (count < 2 * tokens) count *= 2;
  return count;
}

/** Builds a vocabulary from tokens and ids; of equal tokens the last one counts. */
export function vocabularyOf(tokens: readonly string[], idOf: (index: number) => number): Vocabulary {
  const distinct = new Map<string, number>();
  tokens.forEach((token, i) => {
    distinct.set(token, idOf(i));
  });
  let length = 0;
  for (const token of distinct.keys()) length += token.length;
  const units = new Uint16Array(length);
  const starts = new Uint32Array(distinct.size + 1);
  const ids = new Uint32Array(distinct.size);
  const slots = new Uint32Array(slotCount(distinct.size));
  const lengthCounts: number[] = [0];
  let size = 0;
  let end = 0;
  let longest = 0;
  for (const [token, id] of distinct) {
    let characters = token.length;
    for (let i = 0; i < token.length; i++) {
      const unit = token.charCodeAt(i);
      units[end++] = unit;
      if ((unit & 0xfc00) === 0xdc00) characters--;
    }
    ids[size++] = id;
    starts[size] = end;
    let slot = firstSlot(hashOf(token), slots);
    while (slots[slot] !== 0) slot = (slot + 1) & (slots.length - 1);
    slots[slot] = size;
    longest = Math.max(longest, token.length);
    while (characters >= lengthCounts.length) lengthCounts.push(0);
    lengthCounts[characters]!++;
  }
  return new Vocabulary({ units, starts, ids, size, slots, lengthCounts, longest });
}

/**
 * Distinct tokens and their ids, as the model of `tokenizer.json` lists them. Flat arrays of about 30 bytes per token and
 * two per unit; a map of strings takes several times as much, and longer to fill.
 */
export class Vocabulary {
  readonly packed: PackedTokens;
  /** Hashes of the beginnings of the searched text, by length. */
  readonly #hashes: Int32Array;
  #numbers: Map<number, number> | undefined;

  constructor(packed: PackedTokens) {
    this.packed = packed;
    this.#hashes = new Int32Array(packed.longest + 1);
  }

  /** Number of distinct tokens. */
  get size(): number {
    return this.packed.size;
  }

  /** One more than the largest id. */
  get idLimit(): number {
    const { ids, size, scores } = this.packed;
    if (scores) return size;
    let limit = 0;
    for (let i = 0; i < size; i++) if (ids[i]! >= limit) limit = ids[i]! + 1;
    return limit;
  }

  idOf(token: string): number | undefined {
    if (token.length >= this.#hashes.length) return undefined;
    const number = findToken(this.packed, hashOf(token), '', token, 0, token.length);
    return number === NO_TOKEN ? undefined : this.packed.ids[number];
  }

  /** Returns the last of several tokens with the same id; the reference returns any. */
  tokenOf(id: number): string | undefined {
    // Most programs never need it.
    if (this.#numbers === undefined) {
      this.#numbers = new Map();
      for (let i = 0; i < this.size; i++) this.#numbers.set(this.packed.ids[i]!, i);
    }
    const number = this.#numbers.get(id);
    return number === undefined ? undefined : this.#token(number);
  }

  *entries(): Generator<[token: string, id: number], void, undefined> {
    for (let i = 0; i < this.size; i++) yield [this.#token(i), this.packed.ids[i]!];
  }

  /**
   * Finds the longest token that is `beginning` followed by at least one unit of `text` from `start` on.
   *
   * Costs at most as many steps as the longest token of the vocabulary is longer than the beginning.
   *
   * @returns its number, for {@link Vocabulary.lengthAt} and the packed ids, or {@link NO_TOKEN}
   */
  longestAt(beginning: TokenBeginning, text: string, start: number): number {
    const hashes = this.#hashes;
    const before = beginning.text;
    const most = Math.min(hashes.length - 1 - before.length, text.length - start);
    let hash = beginning.hash;
    for (let length = 1; length <= most; length++) {
      hash = Math.imul(hash ^ text.charCodeAt(start + length - 1), HASH_PRIME);
      hashes[length] = hash;
    }
    for (let length = most; length > 0; length--) {
      const number = findToken(this.packed, hashes[length]!, before, text, start, length);
      if (number !== NO_TOKEN) return number;
    }
    return NO_TOKEN;
  }

  /** Returns the length of a token by its number, in UTF-16 units. */
  lengthAt(number: number): number {
    return this.packed.starts[number + 1]! - this.packed.starts[number]!;
  }

  #token(number: number): string {
    const start = this.packed.starts[number]!;
    const end = this.packed.starts[number + 1]!;
    let token = '';
    // In pieces, because an argument list has a limit.
    for (let i = start; i < end; i += 4096) {
      token += String.fromCharCode(...this.packed.units.subarray(i, Math.min(i + 4096, end)));
    }
    return token;
  }
}
