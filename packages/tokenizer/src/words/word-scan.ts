import { ChunkScan, type ChunkScanOptions, type ScanExports } from '../fast/chunk-scan.js';
import type { AnyModel } from '../models/any-model.js';
import type { Vocabulary } from '../models/vocabulary.js';
import { moduleBytes } from '../module-bytes.js';
import { MODULE } from './module.generated.js';
import type { PlainWords } from './plain-words.js';

/** Exports of assembly/index.ts. */
interface WordExports extends Pick<ScanExports, 'begin' | 'resolve' | 'skip'> {
  readonly END: WebAssembly.Global;
  setWords(
    family: number,
    lowercases: boolean,
    kinds: number,
    cuts: number,
    needsStart: boolean,
    scratch: number,
  ): void;
  setLeads(afterSpace: number, atStart: number, inside: number): void;
  setTokens(mark: number, bits: number, at: number): void;
  addTokens(starts: number, ids: number, count: number, units: number, base: number, to: number): number;
  setContinuation(start: number, bytes: number, maxUnits: number): void;
  setUnknown(id: number): void;
  setScores(scores: number, unknownId: number, scratch: number): void;
  setMerges(
    lefts: number,
    rights: number,
    results: number,
    slots: number,
    slotCount: number,
    ignoresMerges: boolean,
    scratch: number,
  ): void;
}

/** Same numbers as in assembly/index.ts. */
const FAMILIES: Readonly<Record<AnyModel['family'], number>> = {
  WordPiece: 0,
  Unigram: 1,
  BPE: 2,
  WordLevel: 3,
};
const NO_WORDS = 0xffff_ffff;
const NO_ID = 0xffff_ffff;
const NO_LIMIT = 0xffff_ffff;
/** For a piece of at most 129 bytes and what a model notes for each; bytes before it are for a continuation. */
const SCRATCH_BYTES = 4096;
const PIECE_AT = 128;
const NOTES_AT = 1024;
const MOST_CONTINUATION_BYTES = PIECE_AT;
/** The byte of pieces for the one unit beyond ASCII that they can begin with. */
const MARK_BYTE = 0x80;
/** Tokens to add at once. */
const MOST_TOKENS = 4096;

const PAGE_BYTES = 1 << 16;
const SLOT_BYTES = 16;
/** New text for which the readable pipeline takes about as long as the table of tokens does, in UTF-16 units per token. */
const UNITS_PER_TOKEN = 1 / 4;

let compiled: WebAssembly.Module | undefined;

/**
 * A {@link ChunkScan} that also gives the ids of new words, by compiled models. Only the words for which these cannot be
 * used, such as those with letters beyond ASCII, still reach the readable pipeline.
 *
 * The tables of the model are made next to the memo after some text, because a program that embeds a few texts would
 * spend more time on them than it saves. If the engine refuses the memory or the module, nothing changes.
 */
export class WordScan extends ChunkScan {
  readonly #model: AnyModel;
  readonly #plainWords: PlainWords;
  readonly #needsStart: boolean;
  /** UTF-16 units of text to leave to the readable pipeline first. */
  #patience: number;

  constructor(options: ChunkScanOptions, model: AnyModel, plainWords: PlainWords) {
    super(options);
    this.#model = model;
    this.#plainWords = plainWords;
    this.#needsStart = options.punctuation === '';
    this.#patience = model.vocabulary.size * UNITS_PER_TOKEN;
  }

  override begin(texts: number, joined: string, options: number, maxIds: number, drop: boolean): number {
    this.#patience -= joined.length;
    if (this.#patience < 0) this.#compile();
    return super.begin(texts, joined, options, maxIds, drop);
  }

  #compile(): void {
    this.#patience = Number.POSITIVE_INFINITY;
    const { lowercases, kinds, cuts, leads } = this.#plainWords;
    const { afterSpace, atStart, inside } = leads;
    const mark = [inside, afterSpace, atStart].find((lead = '') => lead > '\x7f') ?? '\0';
    const { slots } = this.#model.vocabulary.packed;
    let exports: WordExports;
    try {
      compiled ??= new WebAssembly.Module(moduleBytes(MODULE));
      const imports = { env: { memory: this.memory }, scan: { ...this.exports } };
      // The module is ours, so its exports have these types.
      exports = new WebAssembly.Instance(compiled, imports).exports as unknown as WordExports;
      const tables = new Tables(exports.END.value);
      const scratch = tables.reserve(SCRATCH_BYTES);
      const setModel = this.#placeModel(tables, scratch + NOTES_AT);
      if (setModel === undefined) return;
      const kindsAt = tables.add(kinds);
      const tokensAt = tables.reserve(slots.length / 2 + slots.length * SLOT_BYTES);
      tables.copyTo(this.memory);
      const family = FAMILIES[this.#model.family];
      exports.setWords(family, lowercases, kindsAt, cuts, this.#needsStart, scratch + PIECE_AT);
      exports.setLeads(byteOf(afterSpace, mark), byteOf(atStart, mark), byteOf(inside, mark));
      exports.setTokens(mark.charCodeAt(0), Math.log2(slots.length), tokensAt);
      if (!this.#addTokens(exports, scratch)) return;
      setModel(exports);
    } catch {
      return;
    } finally {
      this.view();
    }
    this.exports = { ...this.exports, ...exports };
  }

  /** Adds all tokens by way of the memory for ids, which is free between passes; `false` if one is refused. */
  #addTokens({ addTokens }: WordExports, scratch: number): boolean {
    const { units, starts, ids, size, longest } = this.#model.vocabulary.packed;
    const { IDS, IDS_PER_BYTE, INPUT_BYTES } = this.exports;
    const startsAt: number = IDS.value;
    const idsAt = startsAt + 4 * (MOST_TOKENS + 1);
    const unitsAt = idsAt + 4 * MOST_TOKENS;
    const room = (4 * IDS_PER_BYTE.value * INPUT_BYTES.value + startsAt - unitsAt) / 2;
    const most = Math.min(MOST_TOKENS, Math.floor(room / longest));
    if (most === 0) return false;
    const { buffer } = this.memory;
    for (let first = 0; first < size; first += most) {
      const last = Math.min(first + most, size);
      const base = starts[first]!;
      new Uint32Array(buffer, startsAt).set(starts.subarray(first, last + 1));
      new Uint32Array(buffer, idsAt).set(ids.subarray(first, last));
      new Uint16Array(buffer, unitsAt).set(units.subarray(base, starts[last]));
      if (addTokens(startsAt, idsAt, last - first, unitsAt, base, scratch) === 0) return false;
    }
    return true;
  }

  /** Adds the tables of the model, and returns how to pass them; `undefined` if its words need the readable one. */
  #placeModel(tables: Tables, notes: number): ((exports: WordExports) => void) | undefined {
    const model = this.#model;
    switch (model.family) {
      case 'WordPiece': {
        const { continuingSubwordPrefix: prefix, maxCharactersPerWord: most } = model.settings;
        if (prefix.length > MOST_CONTINUATION_BYTES || !/^[\x01-\x7f]*$/.test(prefix)) return undefined;
        const start = tables.add(Uint8Array.from(prefix, (_, i) => prefix.charCodeAt(i)));
        return ({ setContinuation }) => setContinuation(start, prefix.length, Math.min(most, NO_LIMIT));
      }
      case 'Unigram': {
        const scores = tables.add(model.scores);
        return ({ setScores }) => setScores(scores, model.unknownId ?? NO_ID, notes);
      }
      case 'BPE': {
        const { merges, continuingSubwordPrefix, endOfWordSuffix, ignoreMerges } = model.settings;
        if (continuingSubwordPrefix + endOfWordSuffix !== '' || !hasDistinctIds(model.vocabulary))
          return undefined;
        const lefts = tables.add(merges.lefts);
        const rights = tables.add(merges.rights);
        const results = tables.add(merges.results);
        const slots = tables.add(merges.slots);
        return ({ setMerges }) =>
          setMerges(lefts, rights, results, slots, merges.slots.length, ignoreMerges, notes);
      }
      case 'WordLevel': {
        const unknown = model.vocabulary.idOf(model.unknownToken) ?? NO_ID;
        return ({ setUnknown }) => setUnknown(unknown);
      }
    }
  }
}

/** A lead as a byte, 0 for none; chunks with another lead beyond ASCII than the mark are left to the pipeline. */
function byteOf(lead: string | undefined, mark: string): number {
  if (lead === mark) return MARK_BYTE;
  return lead === undefined || lead > '\x7f' ? NO_WORDS : lead.charCodeAt(0) | 0;
}

/** With equal ids a merge could be made for another one's sake, which only the readable model repeats. */
function hasDistinctIds({ packed: { ids, size } }: Vocabulary): boolean {
  const sorted = ids.slice(0, size).sort();
  return sorted.every((id, i) => i === 0 || id !== sorted[i - 1]);
}

/** Arrays to copy to the end of a memory. */
class Tables {
  readonly #arrays: [at: number, array: ArrayBufferView][] = [];
  #end: number;

  constructor(start: number) {
    this.#end = Math.ceil(start / PAGE_BYTES) * PAGE_BYTES;
  }

  /** Returns the address that the array will have. */
  add(array: ArrayBufferView): number {
    const at = this.reserve(array.byteLength);
    this.#arrays.push([at, array]);
    return at;
  }

  /** Returns the address of zeros. */
  reserve(bytes: number): number {
    const at = this.#end;
    this.#end = Math.ceil((at + bytes) / 8) * 8;
    return at;
  }

  /** @throws `RangeError` if the memory cannot grow */
  copyTo(memory: WebAssembly.Memory): void {
    const missing = this.#end - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / PAGE_BYTES));
    const bytes = new Uint8Array(memory.buffer);
    for (const [at, { buffer, byteOffset, byteLength }] of this.#arrays) {
      bytes.set(new Uint8Array(buffer, byteOffset, byteLength), at);
    }
  }
}
