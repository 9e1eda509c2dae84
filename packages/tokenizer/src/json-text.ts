import type { JsonObject } from './json-reader.js';
import { Vocabulary } from './models/vocabulary.js';
import { scanVocabulary } from './models/vocabulary-scan.js';
import { MalformedTokenizerError } from './tokenizer-error.js';

const UTF8 = { fatal: true, ignoreBOM: true } as const;

/** How many bytes from the start are valid UTF-8, or the beginning of a character. Looked for only when some are not. */
function validLength(bytes: Uint8Array): number {
  let valid = 0;
  let invalid = bytes.length;
  while (invalid - valid > 1) {
    const middle = (valid + invalid) >> 1;
    try {
      new TextDecoder('utf-8', UTF8).decode(bytes.subarray(0, middle), { stream: true });
      valid = middle;
    } catch {
      invalid = middle;
    }
  }
  return valid;
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', UTF8).decode(bytes);
  } catch (cause) {
    throw new MalformedTokenizerError('$', `is not UTF-8: byte ${validLength(bytes)} cannot stand there`, {
      cause,
    });
  }
}

const WHITE_SPACE = /[\t\n\r ]*/y;
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const WORD = /true|false|null/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

function matchAt(pattern: RegExp, text: string, position: number): number {
  pattern.lastIndex = position;
  return pattern.test(text) ? pattern.lastIndex : -1;
}

/** Past the string that begins at `position`, or −1 − the position that breaks it. */
function stringEnd(text: string, position: number): number {
  if (text[position] !== '"') return -1 - position;
  let i = position + 1;
  while (i < text.length) {
    const unit = text.charCodeAt(i);
    if (unit === 0x22) return i + 1;
    if (unit < 0x20) break;
    if (unit === 0x5c) {
      const end = matchAt(ESCAPE, text, i);
      if (end === -1) break;
      i = end;
    } else i++;
  }
  return -1 - i;
}

/** Past the string, number or word that begins at `position`, or −1 − the position that breaks it. */
function scalarEnd(text: string, position: number): number {
  if (text[position] === '"') return stringEnd(text, position);
  const end = Math.max(matchAt(NUMBER, text, position), matchAt(WORD, text, position));
  return end === -1 ? -1 - position : end;
}

/**
 * Where `text` stops being JSON. Engines disagree on whether they say, so this reads again what one of them refused;
 * it keeps its own stack, as the text can be nested without end.
 */
function brokenPosition(text: string): number {
  const closers: string[] = [];
  let i = matchAt(WHITE_SPACE, text, 0);
  let opened = false;
  for (;;) {
    const closer = closers.at(-1);
    const closes = text[i] === closer && closer !== undefined;
    if (!(closes && opened)) {
      if (closer === '}') {
        const end = stringEnd(text, i);
        if (end < 0) return -1 - end;
        i = matchAt(WHITE_SPACE, text, end);
        if (text[i] !== ':') return i;
        i = matchAt(WHITE_SPACE, text, i + 1);
      }
      opened = text[i] === '{' || text[i] === '[';
      if (opened) {
        closers.push(text[i] === '{' ? '}' : ']');
        i = matchAt(WHITE_SPACE, text, i + 1);
        continue;
      }
      const end = scalarEnd(text, i);
      if (end < 0) return -1 - end;
      i = matchAt(WHITE_SPACE, text, end);
    }
    // A value has ended, or an empty container is about to.
    opened = false;
    while (closers.length > 0 && text[i] === closers.at(-1)) {
      closers.pop();
      i = matchAt(WHITE_SPACE, text, i + 1);
    }
    if (closers.length === 0 || text[i] !== ',') return i;
    i = matchAt(WHITE_SPACE, text, i + 1);
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const position = brokenPosition(text);
    const line = text.slice(0, position).split('\n').length;
    const column = position - text.lastIndexOf('\n', position - 1);
    const found =
      position < text.length
        ? `found ${JSON.stringify(text.slice(position, position + 1))}`
        : 'the text ends';
    throw new MalformedTokenizerError('$', `is not JSON: ${found} at line ${line}, column ${column}`, {
      cause,
    });
  }
}

/** How deep the reference lets arrays and objects stand in each other. */
const DEPTH_LIMIT = 127;
const LONE_SURROGATE = /[\uD800-\uDFFF]/u;

function checkText(text: string, path: string): void {
  if (LONE_SURROGATE.test(text)) {
    throw new MalformedTokenizerError(path, 'holds half a surrogate pair, which is no character');
  }
}

/** Refuses what JSON can say and the reference's reader refuses; what reads the parts later can recurse safely. */
function check(value: unknown, path: string, depth: number): void {
  if (typeof value === 'string') {
    checkText(value, path);
  } else if (typeof value === 'number') {
    if (!Number.isFinite(value))
      throw new MalformedTokenizerError(path, 'holds a number that is out of range');
  } else if (typeof value === 'object' && value !== null && !(value instanceof Vocabulary)) {
    if (depth > DEPTH_LIMIT) {
      throw new MalformedTokenizerError(path, `is nested more than ${DEPTH_LIMIT} deep`);
    }
    if (Array.isArray(value)) {
      for (const element of value) check(element, path, depth + 1);
    } else {
      for (const key of Object.keys(value)) {
        checkText(key, path);
        check((value as JsonObject)[key], depth === 1 ? `${path}.${key}` : path, depth + 1);
      }
    }
  }
}

const VOCAB_KEY: readonly number[] = [...'"vocab"'].map((character) => character.charCodeAt(0));

/** Where the object begins that the first key `vocab` of a text leads to, or −1. */
function vocabularyStart(bytes: Uint8Array): number {
  for (let i = bytes.indexOf(0x22); i !== -1; i = bytes.indexOf(0x22, i + 1)) {
    if (!VOCAB_KEY.every((byte, k) => bytes[i + k] === byte)) continue;
    let start = i + VOCAB_KEY.length;
    while (bytes[start] === 0x3a || isSpace(bytes[start])) start++;
    return bytes[start] === 0x7b ? start : -1;
  }
  return -1;
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 9 || byte === 10 || byte === 13;
}

/**
 * The value of a text whose `$.model.vocab` is a {@link Vocabulary} made straight from the bytes, or `undefined` for a
 * text that is not the usual in some way, which {@link readJsonText} then reads as it reads all others.
 *
 * The key is looked for without understanding what comes before it. What comes of it is used only if a text with a mark
 * in the object's place is JSON and has that mark as the vocabulary: then the object stood there.
 */
function parseWithVocabulary(bytes: Uint8Array): unknown {
  const start = vocabularyStart(bytes);
  const scanned = start === -1 ? undefined : scanVocabulary(bytes, start);
  if (scanned === undefined) return undefined;
  const mark = `vocabulary ${Math.random()}`;
  const { vocabulary, end } = scanned;
  try {
    const text = `${decode(bytes.subarray(0, start))}"${mark}"${decode(bytes.subarray(end))}`;
    const value = JSON.parse(text) as { readonly model?: { vocab?: unknown } } | null;
    const model = value?.model;
    if (model?.vocab !== mark) return undefined;
    model.vocab = vocabulary;
    return value;
  } catch {
    return undefined;
  }
}

/**
 * The value of a JSON text, of its UTF-8 bytes, or a value that has been parsed already. Of bytes, `$.model.vocab` can be
 * a {@link Vocabulary}.
 *
 * @throws MalformedTokenizerError where the text is not JSON, or nested deeper than the reference reads.
 */
export function readJsonText(json: string | Uint8Array | object): unknown {
  let value: unknown = json instanceof Uint8Array ? parseWithVocabulary(json) : undefined;
  if (value === undefined) {
    const text = json instanceof Uint8Array ? decode(json) : json;
    value = typeof text === 'string' ? parse(text) : text;
  }
  check(value, '$', 1);
  return value;
}
