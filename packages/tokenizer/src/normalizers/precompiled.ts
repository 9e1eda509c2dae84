import type { NormalizedText } from '../normalized-text.js';
import type { RewriteStep } from '../rewrite-step.js';
import { MalformedTokenizerError } from '../tokenizer-error.js';
import { clusterEnd } from '../unicode/grapheme.js';
import type { Normalizer } from './normalizer.js';

const PADDING = /={0,2}$/;
const NOT_BASE64 = /[^A-Za-z0-9+/]/;
/** Last letters whose bits beyond the last whole byte are zero, by the number of letters after the groups of four. */
const LAST_OF_TWO = 'AQgw';
const LAST_OF_THREE = 'AEIMQUYcgkosw048';

const WORD_BYTES = 4;
/** Clusters of this many bytes or more are looked up character by character. */
const CLUSTER_BYTES = 6;

/** Only characters of the first plane are remembered, so that a hostile text cannot fill memory. */
const REMEMBERED = 0x10000;

/** No character below this joins the one before it, except for the line feed. */
const FIRST_MARK = 0x300;
const CARRIAGE_RETURN = 0x0d;

/** Decodes base64 like the reference's crate: padding may be missing, but unused bits must be zero. */
function bytesOfBase64(text: string, path: string): Uint8Array {
  const letters = text.replace(PADDING, '');
  const left = letters.length % 4;
  const last = letters.slice(-1);
  if (
    NOT_BASE64.test(letters) ||
    left === 1 ||
    (left === 2 && !LAST_OF_TWO.includes(last)) ||
    (left === 3 && !LAST_OF_THREE.includes(last))
  ) {
    throw new MalformedTokenizerError(path, 'must be base64');
  }
  return Uint8Array.from(atob(letters), (character) => character.charCodeAt(0));
}

function utf8Length(text: string, start: number, end: number): number {
  let length = 0;
  for (let i = start; i < end; i++) {
    const unit = text.charCodeAt(i);
    // Each half of a surrogate pair counts for two of its four bytes.
    length += unit < 0x80 ? 1 : unit < 0x800 || (unit >= 0xd800 && unit < 0xe000) ? 2 : 3;
  }
  return length;
}

/** The looked-up text in UTF-8: a cluster of fewer than six bytes, or one character. */
const key = new Uint8Array(CLUSTER_BYTES);

function writeUtf8(text: string): number {
  let length = 0;
  for (let i = 0; i < text.length; i++) {
    const codePoint = text.codePointAt(i)!;
    if (codePoint < 0x80) {
      key[length++] = codePoint;
      continue;
    }
    if (codePoint < 0x800) {
      key[length++] = 0xc0 | (codePoint >> 6);
    } else {
      if (codePoint < 0x10000) {
        key[length++] = 0xe0 | (codePoint >> 12);
      } else {
        key[length++] = 0xf0 | (codePoint >> 18);
        key[length++] = 0x80 | ((codePoint >> 12) & 0x3f);
        i++;
      }
      key[length++] = 0x80 | ((codePoint >> 6) & 0x3f);
    }
    key[length++] = 0x80 | (codePoint & 0x3f);
  }
  return length;
}

/** SentencePiece's map from prefixes to replacements: a double-array trie over UTF-8, and the texts of its leaves. */
class Charsmap {
  readonly #trie: Uint32Array;
  readonly #replacements: Uint8Array;
  readonly #path: string;
  /** Replacements by their start. The size of the file bounds their number. */
  readonly #decoded: Map<number, string> = new Map();
  readonly #remembered: Map<number, string | undefined> = new Map();

  constructor(bytes: Uint8Array, path: string) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (bytes.length < WORD_BYTES) {
      throw new MalformedTokenizerError(
        path,
        `must begin with four bytes of size, found ${bytes.length} bytes`,
      );
    }
    const words = Math.floor(view.getUint32(0, true) / WORD_BYTES);
    const end = WORD_BYTES * (words + 1);
    if (end > bytes.length) {
      throw new MalformedTokenizerError(path, `announces a trie of ${words} words in ${bytes.length} bytes`);
    }
    this.#trie = Uint32Array.from({ length: words }, (_, i) => view.getUint32(WORD_BYTES * (i + 1), true));
    this.#replacements = bytes.subarray(end);
    this.#path = path;
    this.#decode(0, this.#replacements.length);
  }

  /** Returns the replacement of the shortest prefix of `text` that has one. `text` is a character or a short cluster. */
  find(text: string): string | undefined {
    let node = this.#offsetOf(this.#unit(0));
    const length = writeUtf8(text);
    for (let i = 0; i < length; i++) {
      const byte = key[i]!;
      if (byte === 0) return undefined;
      node ^= byte;
      const unit = this.#unit(node);
      if ((unit & 0x800000ff) >>> 0 !== byte) return undefined;
      node ^= this.#offsetOf(unit);
      if ((unit >>> 8) & 1) return this.#replacementAt(this.#unit(node) & 0x7fffffff);
    }
    return undefined;
  }

  /** As {@link find}, for the character at a position. */
  findCharacter(text: string, start: number, end: number): string | undefined {
    if (end - start > 1) return this.find(text.slice(start, end));
    const unit = text.charCodeAt(start);
    let replacement = this.#remembered.get(unit);
    if (replacement === undefined && !this.#remembered.has(unit)) {
      replacement = this.find(text.slice(start, end));
      if (unit < REMEMBERED) this.#remembered.set(unit, replacement);
    }
    return replacement;
  }

  #unit(index: number): number {
    const unit = this.#trie[index];
    if (unit === undefined) {
      throw new MalformedTokenizerError(
        this.#path,
        `points to word ${index} of a trie of ${this.#trie.length}, where the reference fails on this text`,
      );
    }
    return unit;
  }

  #offsetOf(unit: number): number {
    return (unit >>> 10) << ((unit & 0x200) >>> 6);
  }

  #replacementAt(start: number): string {
    if (start > this.#replacements.length) {
      throw new MalformedTokenizerError(
        this.#path,
        `points to byte ${start} of ${this.#replacements.length} bytes of replacements, where the reference fails on this text`,
      );
    }
    let replacement = this.#decoded.get(start);
    if (replacement === undefined) {
      const end = this.#replacements.indexOf(0, start);
      replacement = this.#decode(start, end === -1 ? this.#replacements.length : end);
      this.#decoded.set(start, replacement);
    }
    return replacement;
  }

  #decode(start: number, end: number): string {
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(
        this.#replacements.subarray(start, end),
      );
    } catch (cause) {
      throw new MalformedTokenizerError(this.#path, 'must contain replacements in UTF-8', { cause });
    }
  }
}

/** Iterates over the parts of a text that the reference looks up as one. */
class PartCursor {
  readonly #charsmap: Charsmap;
  readonly #text: string;
  start = 0;
  end = 0;
  replacement: string | undefined;
  /** End of the characters that are looked up one by one. */
  #singlesEnd = 0;

  constructor(charsmap: Charsmap, text: string) {
    this.#charsmap = charsmap;
    this.#text = text;
  }

  /** Moves to the next part; returns whether there is one. */
  next(): boolean {
    const text = this.#text;
    const start = this.end;
    if (start >= text.length) return false;
    const codePoint = text.codePointAt(start)!;
    let end = start + (codePoint > 0xffff ? 2 : 1);
    this.start = start;
    this.end = end;
    if (start < this.#singlesEnd || this.#standsAlone(codePoint, end)) {
      this.replacement = this.#charsmap.findCharacter(text, start, end);
      return true;
    }
    end = clusterEnd(text, start);
    if (utf8Length(text, start, Math.min(end, start + CLUSTER_BYTES)) < CLUSTER_BYTES) {
      const replacement = this.#charsmap.find(text.slice(start, end));
      if (replacement !== undefined) {
        this.end = end;
        this.replacement = replacement;
        return true;
      }
    }
    this.#singlesEnd = end;
    this.replacement = this.#charsmap.findCharacter(text, start, this.end);
    return true;
  }

  #standsAlone(codePoint: number, end: number): boolean {
    return (
      codePoint < FIRST_MARK &&
      codePoint !== CARRIAGE_RETURN &&
      (end >= this.#text.length || this.#text.charCodeAt(end) < FIRST_MARK)
    );
  }
}

function* replaceSteps(cursor: PartCursor, text: string): Iterable<RewriteStep> {
  // A removal belongs to the step before, so the last step is held back. Without one, the reference loses the removal.
  let last: RewriteStep | undefined;
  while (cursor.next()) {
    const before = [...text.slice(cursor.start, cursor.end)].length;
    const after = [...(cursor.replacement ?? text.slice(cursor.start, cursor.end))];
    const growth = after.length - before;
    for (const [i, character] of after.entries()) {
      if (last !== undefined) yield last;
      last = { character, change: i >= after.length - growth ? 1 : 0 };
    }
    if (growth < 0 && last !== undefined) last = { character: last.character, change: last.change + growth };
  }
  if (last !== undefined) yield last;
}

/** Applies SentencePiece's normalization rules to grapheme clusters, as the reference does. */
export class Precompiled implements Normalizer {
  readonly #charsmap: Charsmap;

  /**
   * @param base64 - the charsmap: size of the trie in bytes, trie, replacements, each followed by a zero
   * @param path - JSON path, for errors
   */
  constructor(base64: string, path: string) {
    this.#charsmap = new Charsmap(bytesOfBase64(base64, path), path);
  }

  normalize(text: NormalizedText): void {
    const before = text.text;
    const cursor = new PartCursor(this.#charsmap, before);
    let result = '';
    let copied = 0;
    let isModified = false;
    while (cursor.next()) {
      if (cursor.replacement === undefined) continue;
      isModified = true;
      result += before.slice(copied, cursor.start) + cursor.replacement;
      copied = cursor.end;
    }
    if (!isModified) return;
    text.transform(result + before.slice(copied), () =>
      replaceSteps(new PartCursor(this.#charsmap, before), before),
    );
  }
}
