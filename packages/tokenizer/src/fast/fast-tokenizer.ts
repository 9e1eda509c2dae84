import type { TokenBatch, TokenSink } from '../token-batch.js';
import { TokenBuffer } from '../token-buffer.js';
import type { Tokenizer, TokenizerEncodeOptions } from '../tokenizer.js';
import { VocabularyFacts } from '../vocabulary-facts.js';
import { BAD_END, BAD_START, NEVER, type ReadsChunks } from './chunk-reader.js';
import { type ChunkScan, CONTINUED, CONTINUES, DONE, MISS, WHOLE } from './chunk-scan.js';

/** How often each path was used since the tokenizer was created. */
export interface FastCounts {
  /** Texts whose ids came from their chunks. */
  chunked: number;
  /** Texts that the readable pipeline encoded as a whole. */
  whole: number;
  /** Chunks that the readable pipeline encoded. */
  misses: number;
}

/** The readable pipeline, and the meaning of its options. */
export interface ReadablePipeline extends Tokenizer {
  /** Checks a text, and returns the token limit of the options; infinite without one. */
  checkText(text: unknown, options: TokenizerEncodeOptions | undefined): number;
  /** Truncates the ids appended since `start` and drops unknown tokens from them, as the options say. */
  finish(sink: TokenSink, start: number, options: TokenizerEncodeOptions | undefined): void;
}

/** A text with a longer chunk, in bytes, is encoded as a whole. */
const LONGEST_CHUNK = 1024;

/**
 * Without repeated chunks this path is two to four times slower. So the share of unknown chunks is checked after this
 * many bytes; if it is above half, the next {@link BYTES_READ_WHOLE} are encoded without cutting. In the worst case
 * that costs a fifth more than never cutting.
 */
const BYTES_LOOKED_AT = 1 << 16;
const BYTES_READ_WHOLE = 1 << 20;
const MOST = 0.6;
/** A memo with fewer chunks is still filling up, so misses say nothing yet. */
const FIRST_MISSES = 1 << 14;

function isPlain(unit: number): boolean {
  const letter = unit | 0x20;
  return (letter >= 0x61 && letter <= 0x7a) || (unit >= 0x30 && unit <= 0x39);
}

/**
 * A {@link Tokenizer} that cuts texts into chunks: a memo in WebAssembly returns their ids, and the readable pipeline
 * encodes the chunks that it lacks.
 */
export class FastTokenizer extends VocabularyFacts implements Tokenizer {
  readonly path = 'fast';
  readonly counts: FastCounts = { chunked: 0, whole: 0, misses: 0 };
  readonly #readable: ReadablePipeline;
  readonly #reader: ReadsChunks;
  readonly #scan: ChunkScan;
  readonly #chunkIds = new TokenBuffer();
  /** Bytes of text, and of unknown chunks in it, since the last check. */
  #seenBytes = 0;
  #missedBytes = 0;
  /** UTF-16 units to encode as a whole before cutting is tried again. */
  #wholeUnits = 0;

  constructor(readable: ReadablePipeline, reader: ReadsChunks, scan: ChunkScan) {
    super();
    this.#readable = readable;
    this.#reader = reader;
    this.#scan = scan;
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
      // Room for all texts, estimated from those so far: doubling would copy each id twice.
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

  /** End of the texts for the next pass, at least one. */
  #windowEnd(texts: readonly string[], from: number): number {
    const { maxUnits, maxTexts } = this.#scan;
    const limit = Math.min(texts.length, from + maxTexts);
    let units = 0;
    let to = from;
    for (; to < limit; to++) {
      const text = texts[to]!;
      // A value that is no string fails alone, after the texts before it.
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
    const joined = texts.slice(from, to).join('\0');
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

  /** Decides whether cutting pays off. */
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

  /** Encodes a text, and returns whether the scan now holds its ids. */
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

  /** Encodes a text that is too long for one pass in parts, cut at chunk borders. */
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

  /** Encodes the chunk that the memo lacks. */
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
      // Encoding the whole text then throws the right error.
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
