import { isBytes } from '../bytes.js';
import { MalformedTokenizerError } from '../tokenizer-error.js';
import { checkJson } from './json-check.js';
import { checkDepth } from './json-depth.js';
import { parseTokenizerJson } from './tokenizer-json.js';

const UTF8 = { fatal: true, ignoreBOM: true } as const;

/** Number of bytes from the start that are valid UTF-8, or the beginning of a character. Called only for invalid text. */
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
    throw new MalformedTokenizerError('$', `is not UTF-8: byte ${validLength(bytes)} is invalid`, {
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

/** Position after the string that begins at `position`, or −1 − the position of its error. */
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

/** Position after the string, number or word that begins at `position`, or −1 − the position of its error. */
function scalarEnd(text: string, position: number): number {
  if (text[position] === '"') return stringEnd(text, position);
  const end = Math.max(matchAt(NUMBER, text, position), matchAt(WORD, text, position));
  return end === -1 ? -1 - position : end;
}

/**
 * Returns the position of the first error in a text that the engine refused, because not every engine reports it. Keeps
 * its own stack, because the text can be deeply nested.
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

/**
 * Reads a JSON text, its UTF-8 bytes, or a value that was parsed already. `$.model.vocab` of bytes can become a
 * {@link Vocabulary}.
 *
 * @throws {@link MalformedTokenizerError} if the text is not JSON, or nested deeper than the reference reads
 */
export function readJsonText(json: string | Uint8Array | object): unknown {
  if (isBytes(json)) checkDepth(json);
  else if (typeof json === 'string') checkDepth(new TextEncoder().encode(json));
  let value: unknown = isBytes(json) ? parseTokenizerJson(json) : undefined;
  if (value === undefined) {
    const text = isBytes(json) ? decode(json) : json;
    value = typeof text === 'string' ? parse(text) : text;
  }
  checkJson(value);
  return value;
}
