import { scanVocabulary } from '../models/vocabulary-scan.js';

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

const VOCAB_KEY: readonly number[] = [...'"vocab"'].map((character) => character.charCodeAt(0));

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
 * Parses a text with its `$.model.vocab` as a {@link Vocabulary} made directly from the bytes, for Unigram with
 * scores. Returns `undefined` for a text with an unusual form, which {@link readJsonText} reads like any other.
 *
 * The search for the key does not parse the text before it. To verify the place, the vocabulary is replaced by a mark, and
 * the result is used only if the rest is JSON and has the mark as its vocabulary.
 */
export function parseTokenizerJson(bytes: Uint8Array): unknown {
  const start = vocabularyStart(bytes);
  const scanned = start === -1 ? undefined : scanVocabulary(bytes, start);
  if (scanned === undefined) return undefined;
  const mark = `vocabulary ${Math.random()}`;
  const { vocabulary, end } = scanned;
  try {
    const text = `${UTF8.decode(bytes.subarray(0, start))}"${mark}"${UTF8.decode(bytes.subarray(end))}`;
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
