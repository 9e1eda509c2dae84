import type { TokenBatch, TokenSink } from '../token-batch.js';
import { TokenBuffer } from '../token-buffer.js';
import type { Tokenizer, TokenizerEncodeOptions } from '../tokenizer.js';
import { VocabularyFacts } from '../vocabulary-facts.js';
import { BAD_END, BAD_START, NEVER, type ReadsChunks } from './chunk-reader.js';
import { ChunkScan, type ChunkScanOptions, CONTINUED, CONTINUES, DONE, MISS, WHOLE } from './chunk-scan.js';

/** How often which way was taken, since the tokenizer was made. */
export interface FastCounts {
  /** Texts whose ids are those of their chunks. */
  chunked: number;
  /** Texts that the readable pipeline read as a whole. */
  whole: number;
  /** Chunks that the memo lacked. */
  misses: number;
}

/** What the readable pipeline does, and what options mean. */
export interface ReadablePipeline extends Tokenizer {
  /** The limit that options ask for, in tokens; infinite where there is none. */
  checkText(text: unknown, options: TokenizerEncodeOptions | undefined): number;
  /** Truncates what has been appended since `start` and drops unknown tokens from it, as options ask. */
  finish(sink: TokenSink, start: number, options: TokenizerEncodeOptions | undefined): void;
}

/** A chunk of more bytes is not worth looking at: the text is read as a whole. */
const LONGEST_CHUNK = 1024;

/**
 * Texts of which nothing comes again cost two to four times as much by chunks. So after each of these many bytes it is
 * looked at how many of them were in unknown chunks; if it was most, the next {@link BYTES_READ_WHOLE} are not cut at
 * all. Together that costs a fifth more than never to cut.
 */
const BYTES_LOOKED_AT = 1 << 16;
const BYTES_READ_WHOLE = 1 << 20;
const MOST = 0.6;
/** A memo that knows less than this is still to learn. */
const FIRST_MISSES = 1 << 14;

function isPlain(unit: number): boolean {
  const letter = unit | 0x20;
  return (letter >= 0x61 && letter <= 0x7a) || (unit >= 0x30 && unit <= 0x39);
}

/** {@link Tokenizer} by chunks: a memo in WebAssembly gives their ids, and the readable pipeline those it lacks. */
export class FastTokenizer extends VocabularyFacts implements Tokenizer {
  readonly path = 'fast';
  readonly counts: FastCounts = { chunked: 0, whole: 0, misses: 0 };
  readonly #readable: ReadablePipeline;
  readonly #reader: ReadsChunks;
  readonly #scan: ChunkScan;
  readonly #chunkIds = new TokenBuffer();
  /** Bytes of text, and of unknown chunks in it, since it was last looked at them. */
  #seenBytes = 0;
  #missedBytes = 0;
  /** How much is to be read whole before cutting is tried again; in UTF-16 units. */
  #wholeUnits = 0;

  constructor(
    readable: ReadablePipeline,
    reader: ReadsChunks,
    options: Pick<ChunkScanOptions, 'punctuation' | 'memoBits'>,
  ) {
    super();
    this.#readable = readable;
    this.#reader = reader;
    this.#scan = new ChunkScan({ ...options, unknownId: readable.unknownId });
  }

  protected get known(): Tokenizer {
    return this.#readable;
  }

  encode(text: string, options?: TokenizerEncodeOptions): Uint32Array {
    if (this.#encodeOne(text, options)) return this.#scan.copyIds();
    const buffer = new TokenBuffer();
    this.#encodeWhole(text, buffer, options);
    return buffer.toIds();
  }

  encodeInto(text: string, sink: TokenSink, options?: TokenizerEncodeOptions): void {
    if (this.#encodeOne(text, options)) this.#flush(sink);
    else this.#encodeWhole(text, sink, options);
  }

  encodeBatch(texts: readonly string[], options?: TokenizerEncodeOptions): TokenBatch {
    const offsets = new Uint32Array(texts.length + 1);
    const buffer = new TokenBuffer();
    this.encodeBatchInto(texts, buffer, offsets, options);
    return { ids: buffer.toIds(), offsets };
  }

  encodeBatchInto(
    texts: readonly string[],
    sink: TokenSink,
    offsets: Uint32Array,
    options?: TokenizerEncodeOptions,
  ): void {
    const start = sink.length;
    offsets[0] = start;
    for (let from = 0; from < texts.length; ) {
      // Room for all texts, going by those so far: growing by doubles would copy each id twice.
      const written = sink.length - start;
      const expected = from === 0 ? 0 : start + Math.ceil((written / from) * texts.length * 1.1);
      if (sink.length * 1.5 > sink.ids.length && expected > sink.ids.length) sink.grow(expected);
      const to = this.#windowEnd(texts, from);
      if (to - from < 2) {
        this.encodeInto(texts[from]!, sink, options);
        offsets[++from] = sink.length;
        continue;
      }
      this.#encodeWindow(texts, from, to, sink, offsets, options);
      from = to;
    }
  }

  /** Where the texts end that one pass takes; at least one text. */
  #windowEnd(texts: readonly string[], from: number): number {
    const { maxUnits, maxTexts } = this.#scan;
    const limit = Math.min(texts.length, from + maxTexts);
    let units = 0;
    let to = from;
    for (; to < limit; to++) {
      const text = texts[to]!;
      // What is no string fails on its own, after the texts before it.
      if (typeof text !== 'string') break;
      units += text.length + 1;
      if (units > maxUnits) break;
    }
    return Math.max(to, from + 1);
  }

  #encodeWindow(
    texts: readonly string[],
    from: number,
    to: number,
    sink: TokenSink,
    offsets: Uint32Array,
    options: TokenizerEncodeOptions | undefined,
  ): void {
    if (this.#wholeUnits > 0) {
      this.#encodeEach(texts, from, to, sink, offsets, options);
      return;
    }
    const maxTokens = this.#readable.checkText(texts[from], options);
    const scan = this.#scan;
    const joined = (from === 0 && to === texts.length ? texts : texts.slice(from, to)).join('\0');
    let status = scan.begin(to - from, joined, 0, maxTokens, options?.dropUnknown === true);
    let next = from;
    while (status === MISS || status === WHOLE) {
      if (status === MISS) {
        status = this.#learn();
        continue;
      }
      const text = from + scan.text;
      this.counts.chunked += text - next;
      next = this.#writeOffsets(next, text, from, sink.length, offsets);
      this.#flush(sink);
      this.#encodeWhole(texts[text]!, sink, options);
      offsets[++next] = sink.length;
      status = scan.skip();
    }
    this.#look();
    if (status === DONE) {
      this.counts.chunked += to - next;
      this.#writeOffsets(next, to, from, sink.length, offsets);
      this.#flush(sink);
      return;
    }
    this.#encodeEach(texts, from, to, sink, offsets, options);
  }

  #encodeEach(
    texts: readonly string[],
    from: number,
    to: number,
    sink: TokenSink,
    offsets: Uint32Array,
    options: TokenizerEncodeOptions | undefined,
  ): void {
    for (let i = from; i < to; i++) {
      this.encodeInto(texts[i]!, sink, options);
      offsets[i + 1] = sink.length;
    }
  }

  /** Decides whether cutting pays. */
  #look(): void {
    this.#seenBytes += this.#scan.inputBytes;
    if (this.#seenBytes < BYTES_LOOKED_AT) return;
    if (this.#missedBytes > this.#seenBytes * MOST && this.counts.misses > FIRST_MISSES) {
      this.#wholeUnits = BYTES_READ_WHOLE;
    }
    this.#seenBytes = 0;
    this.#missedBytes = 0;
  }

  #writeOffsets(next: number, to: number, from: number, base: number, offsets: Uint32Array): number {
    for (let i = next; i < to; i++) offsets[i + 1] = base + this.#scan.endOf(i - from);
    return to;
  }

  /** Whether the scan now holds the ids of the text. */
  #encodeOne(text: string, options: TokenizerEncodeOptions | undefined): boolean {
    const maxTokens = this.#readable.checkText(text, options);
    if (this.#wholeUnits > 0) {
      this.#wholeUnits -= text.length;
      return false;
    }
    if (text.length >= this.#scan.maxUnits) return false;
    if (!this.#scanPart(text, 0, maxTokens, options?.dropUnknown === true)) return false;
    this.counts.chunked++;
    return true;
  }

  #scanPart(part: string, place: number, maxTokens: number, dropsUnknown: boolean): boolean {
    let status = this.#scan.begin(1, part, place, maxTokens, dropsUnknown);
    while (status === MISS) status = this.#learn();
    this.#look();
    return status === DONE;
  }

  #encodeWhole(text: string, sink: TokenSink, options: TokenizerEncodeOptions | undefined): void {
    if (this.#wholeUnits <= 0 && text.length >= this.#scan.maxUnits && this.#encodeParts(text, sink, options))
      return;
    this.counts.whole++;
    this.#readable.encodeInto(text, sink, options);
  }

  /** A text that is too long for one pass, cut where chunks are. */
  #encodeParts(text: string, sink: TokenSink, options: TokenizerEncodeOptions | undefined): boolean {
    const begin = sink.length;
    const { maxUnits } = this.#scan;
    for (let start = 0; start < text.length; ) {
      const end = this.#partEnd(text, start, start + maxUnits - 1);
      const place = (start > 0 ? CONTINUES : 0) + (end < text.length ? CONTINUED : 0);
      if (end === start || !this.#scanPart(text.slice(start, end), place, Number.POSITIVE_INFINITY, false)) {
        sink.length = begin;
        return false;
      }
      this.#flush(sink);
      start = end;
    }
    this.counts.chunked++;
    this.#readable.finish(sink, begin, options);
    return true;
  }

  /** The last border before `limit` with ASCII letters or digits on both sides, or `start`. */
  #partEnd(text: string, start: number, limit: number): number {
    if (limit >= text.length) return text.length;
    let end = text.lastIndexOf(' ', limit - 2);
    while (end > start && !(isPlain(text.charCodeAt(end - 1)) && isPlain(text.charCodeAt(end + 1)))) {
      end = text.lastIndexOf(' ', end - 1);
    }
    return Math.max(end, start);
  }

  /** Reads the chunk that the memo lacks. */
  #learn(): number {
    const scan = this.#scan;
    const ids = this.#chunkIds;
    this.counts.misses++;
    const bytes = scan.chunkBytes;
    this.#missedBytes += bytes;
    if (bytes > LONGEST_CHUNK) return scan.resolve(ids.ids, 0, NEVER);
    ids.length = 0;
    let flags: number;
    try {
      flags = this.#reader.read(scan.chunk(), ids);
    } catch {
      // Whatever it is, reading the whole text fails as it must.
      flags = NEVER;
    }
    if (flags & NEVER || ids.length > bytes * scan.idsPerByte) return scan.resolve(ids.ids, 0, NEVER);
    return scan.resolve(ids.ids, ids.length, flags & (BAD_START | BAD_END));
  }

  #flush(sink: TokenSink): void {
    const scan = this.#scan;
    const length = sink.length + scan.idCount;
    if (length > sink.ids.length) sink.grow(Math.max(length, sink.length * 2));
    scan.writeIds(sink.ids, sink.length);
    sink.length = length;
  }
}
