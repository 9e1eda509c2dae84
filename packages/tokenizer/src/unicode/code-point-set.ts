/** Ascending and disjoint, end to end: `[start0, endExclusive0, start1, endExclusive1, …]`. */
export type CodePointRanges = Uint32Array;

/** Printable ASCII without the two characters that a quoted string would have to escape. */
const ALPHABET =
  ' !"#$%&()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz{|}~';

/** The first letters end a number and the rest continue it; of the splits tried, this one compresses best. */
const FINAL_LETTERS = 72;
const CARRY_LETTERS: number = ALPHABET.length - FINAL_LETTERS;

let valueOfLetter: Uint8Array | undefined;

/**
 * Decodes numbers written by the table generator: digits from lowest to highest as letters that continue, then one that
 * ends the number.
 */
export function decodeNumbers(encoded: string): Uint32Array {
  if (valueOfLetter === undefined) {
    valueOfLetter = new Uint8Array(128);
    for (let i = 0; i < ALPHABET.length; i++) valueOfLetter[ALPHABET.charCodeAt(i)] = i;
  }
  const numbers = new Uint32Array(encoded.length);
  let count = 0;
  let number = 0;
  let weight = 1;
  for (let i = 0; i < encoded.length; i++) {
    const value = valueOfLetter[encoded.charCodeAt(i)]!;
    // A continuing letter counts FINAL_LETTERS or more, so that no number has two spellings.
    number += value * weight;
    if (value >= FINAL_LETTERS) {
      weight *= CARRY_LETTERS;
    } else {
      numbers[count++] = number;
      number = 0;
      weight = 1;
    }
  }
  return numbers.slice(0, count);
}

/** Decodes ranges from the distances between borders, each less one. */
export function decodeRanges(encoded: string): CodePointRanges {
  const borders = decodeNumbers(encoded);
  let border = -1;
  for (let i = 0; i < borders.length; i++) {
    border += borders[i]! + 1;
    borders[i] = border;
  }
  return borders;
}

const PLANE = 0x10000;

/** A set of code points, decoded when first used. */
export class CodePointSet {
  readonly #source: CodePointRanges | (() => CodePointRanges);
  #ranges: CodePointRanges | undefined;
  #firstPlane: Uint8Array | undefined;

  /**
   * @param ranges - the ranges, or a function that computes them on first use, so that importing a table costs nothing
   */
  constructor(ranges: CodePointRanges | (() => CodePointRanges)) {
    this.#source = ranges;
  }

  get ranges(): CodePointRanges {
    this.#ranges ??= typeof this.#source === 'function' ? this.#source() : this.#source;
    return this.#ranges;
  }

  has(codePoint: number): boolean {
    if (codePoint < PLANE) {
      const bits = this.#firstPlane ?? this.#fillFirstPlane();
      return ((bits[codePoint >> 3]! >> (codePoint & 7)) & 1) === 1;
    }
    const { ranges } = this;
    let low = 0;
    let high = ranges.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (ranges[middle]! <= codePoint) low = middle + 1;
      else high = middle;
    }
    return (low & 1) === 1;
  }

  #fillFirstPlane(): Uint8Array {
    const bits = new Uint8Array(PLANE / 8);
    const { ranges } = this;
    for (let i = 0; i < ranges.length && ranges[i]! < PLANE; i += 2) {
      const end = Math.min(ranges[i + 1]!, PLANE);
      for (let codePoint = ranges[i]!; codePoint < end; codePoint++)
        bits[codePoint >> 3]! |= 1 << (codePoint & 7);
    }
    this.#firstPlane = bits;
    return bits;
  }
}
