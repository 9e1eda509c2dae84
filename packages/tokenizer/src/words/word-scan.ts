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
  setTokens(
    units: number,
    starts: number,
    ids: number,
    slots: number,
    slotCount: number,
    longest: number,
    size: number,
    filter: number,
  ): void;
  setContinuation(start: number, end: number, maxUnits: number, scratch: number): void;
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
/** For a piece of at most 129 UTF-16 units and what a model notes for each; units before it are for a continuation. */
const SCRATCH_BYTES = 4096;
const PIECE_AT = 128;
const NOTES_AT = 1024;
const MOST_CONTINUATION_UNITS = PIECE_AT / 2;

const PAGE_BYTES = 1 << 16;
/** Tokens whose tables take about as long to copy as the readable pipeline takes for one new word. */
const TOKENS_PER_WORD = 32;

let compiled: WebAssembly.Module | undefined;

/**
 * A {@link ChunkScan} that also gives the ids of new words, by compiled models. Only the words for which these cannot be
 * used, such as those with letters beyond ASCII, still reach the readable pipeline.
 *
 * The tables of the model are copied next to the memo after some new words, because a program that embeds a few texts
 * would spend more time on the copy than it saves. If the engine refuses the memory or the module, nothing changes.
 */
export class WordScan extends ChunkScan {
  readonly #model: AnyModel;
  readonly #plainWords: PlainWords;
  readonly #needsStart: boolean;
  /** New words to leave to the readable pipeline first. */
  #patience: number;

  constructor(options: ChunkScanOptions, model: AnyModel, plainWords: PlainWords) {
    super(options);
    this.#model = model;
    this.#plainWords = plainWords;
    this.#needsStart = options.punctuation === '';
    this.#patience = model.vocabulary.size / TOKENS_PER_WORD;
  }

  override resolve(ids: Uint32Array, count: number, flags: number): number {
    const status = super.resolve(ids, count, flags);
    if (--this.#patience < 0) this.#compile();
    return status;
  }

  #compile(): void {
    this.#patience = Number.POSITIVE_INFINITY;
    const { lowercases, kinds, cuts, leads } = this.#plainWords;
    const { units, starts, ids, slots, longest, size } = this.#model.vocabulary.packed;
    let exports: WordExports;
    try {
      compiled ??= new WebAssembly.Module(moduleBytes(MODULE));
      const imports = { env: { memory: this.memory }, scan: { ...this.exports } };
      // The module is ours, so its exports have these types.
      exports = new WebAssembly.Instance(compiled, imports).exports as unknown as WordExports;
      const tables = new Tables(exports.END.value);
      const scratch = tables.add(new Uint8Array(SCRATCH_BYTES));
      const setModel = this.#placeModel(tables, scratch + NOTES_AT);
      if (setModel === undefined) return;
      const kindsAt = tables.add(kinds);
      const tokens = [tables.add(units), tables.add(starts), tables.add(ids), tables.add(slots)] as const;
      const filter = tables.add(new Uint8Array(slots.length / 2));
      tables.copyTo(this.memory);
      const family = FAMILIES[this.#model.family];
      exports.setWords(family, lowercases, kindsAt, cuts, this.#needsStart, scratch + PIECE_AT);
      exports.setLeads(unitOf(leads.afterSpace), unitOf(leads.atStart), unitOf(leads.inside));
      exports.setTokens(...tokens, slots.length, longest, size, filter);
      setModel(exports);
    } catch {
      return;
    } finally {
      this.view();
    }
    this.exports = { ...this.exports, ...exports };
  }

  /** Adds the tables of the model, and returns how to pass them; `undefined` if its words need the readable one. */
  #placeModel(tables: Tables, notes: number): ((exports: WordExports) => void) | undefined {
    const model = this.#model;
    switch (model.family) {
      case 'WordPiece': {
        const { continuingSubwordPrefix: prefix, maxCharactersPerWord: most } = model.settings;
        if (prefix.length > MOST_CONTINUATION_UNITS) return undefined;
        const start = tables.add(Uint16Array.from(prefix, (_, i) => prefix.charCodeAt(i)));
        const end = start + 2 * prefix.length;
        return ({ setContinuation }) => setContinuation(start, end, Math.min(most, NO_LIMIT), notes);
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

function unitOf(lead: string | undefined): number {
  if (lead === undefined) return NO_WORDS;
  return lead === '' ? 0 : lead.charCodeAt(0);
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
    const at = this.#end;
    this.#arrays.push([at, array]);
    this.#end = Math.ceil((at + array.byteLength) / 8) * 8;
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
