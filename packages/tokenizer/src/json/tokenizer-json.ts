import type { Vocabulary } from '../models/vocabulary.js';
import { scanVocabulary } from '../models/vocabulary-scan.js';

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

const VOCAB_KEY: readonly number[] = [...'"vocab"'].map((character) => character.charCodeAt(0));

/** A `tokenizer.json` whose vocabulary was read apart from the rest. */
export interface SplitJson {
  /** The JSON text, with the string {@link SplitJson.mark} in place of the vocabulary. */
  readonly text: string;
  readonly mark: string;
  /** Has scores for Unigram. */
  readonly vocabulary: Vocabulary;
}

/** Start of the object or list at the first key `vocab`, or −1. */
function vocabularyStart(bytes: Uint8Array): number {
  for (let i = bytes.indexOf(0x22); i !== -1; i = bytes.indexOf(0x22, i + 1)) {
    if (!VOCAB_KEY.every((byte, k) => bytes[i + k] === byte)) continue;
    let start = i + VOCAB_KEY.length;
    while (bytes[start] === 0x3a || isSpace(bytes[start])) start++;
    return bytes[start] === 0x7b || bytes[start] === 0x5b ? start : -1;
  }
  return -1;
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 9 || byte === 10 || byte === 13;
}

/**
 * Reads the vocabulary of a text directly from the bytes. Returns `undefined` for a text with an unusual form, which
 * {@link readJsonText} reads like any other.
 *
 * The search for the key does not parse the text before it; {@link joinJson} verifies the place.
 */
export function splitJson(bytes: Uint8Array): SplitJson | undefined {
  const start = vocabularyStart(bytes);
  const scanned = start === -1 ? undefined : scanVocabulary(bytes, start);
  if (scanned === undefined) return undefined;
  const { vocabulary, end } = scanned;
  const mark = `vocabulary ${Math.random()}`;
  const before = bytes.subarray(0, start);
  const after = bytes.subarray(end);
  try {
    return { text: `${UTF8.decode(before)}"${mark}"${UTF8.decode(after)}`, mark, vocabulary };
  } catch {
    return undefined;
  }
}

/**
 * Parses the text with the vocabulary in its place. Returns `undefined` if the text is not JSON, or if the vocabulary is
 * not that of its model.
 */
export function joinJson({ text, mark, vocabulary }: SplitJson): unknown {
  try {
    const value = JSON.parse(text) as {
      readonly model?: { readonly type?: unknown; vocab?: unknown };
    } | null;
    const model = value?.model;
    if (model?.vocab !== mark) return undefined;
    // Other models refuse a list, with an error that shows it.
    if (vocabulary.packed.scores && model.type !== 'Unigram') return undefined;
    model.vocab = vocabulary;
    return value;
  } catch {
    return undefined;
  }
}

/**
 * Parses a text with its `$.model.vocab` as a {@link Vocabulary}, for Unigram with scores. Returns `undefined` for a text
 * with an unusual form.
 */
export function parseTokenizerJson(bytes: Uint8Array): unknown {
  const split = splitJson(bytes);
  return split === undefined ? undefined : joinJson(split);
}
