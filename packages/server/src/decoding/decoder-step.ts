import { cleanUp } from './clean-up.js';

/** Turns tokens into other tokens; in the end all are joined. */
export type DecoderStep = (tokens: readonly string[]) => readonly string[];

const FIRST_BYTE_CODE = 0x100;
/** Bytes that stand for themselves in GPT-2's alphabet. */
const PRINTABLE: readonly (readonly [first: number, last: number])[] = [
  [0x21, 0x7e],
  [0xa1, 0xac],
  [0xae, 0xff],
];

/** GPT-2's alphabet: a printable character for each byte. */
const BYTE_OF_CHARACTER: ReadonlyMap<string, number> = byteAlphabet();

function byteAlphabet(): Map<string, number> {
  const bytes = new Map<string, number>();
  let next = FIRST_BYTE_CODE;
  for (let byte = 0; byte < 256; byte++) {
    const isPrintable = PRINTABLE.some(([first, last]) => byte >= first && byte <= last);
    bytes.set(String.fromCharCode(isPrintable ? byte : next++), byte);
  }
  return bytes;
}

/** Joins word pieces: those with the prefix continue a word, others start one. */
export function wordPieceStep(prefix: string, cleansUp: boolean): DecoderStep {
  return (tokens) =>
    tokens.map((token, i) => {
      let piece = token;
      if (i > 0) piece = token.startsWith(prefix) ? token.slice(prefix.length) : ` ${token}`;
      return cleansUp ? cleanUp(piece) : piece;
    });
}

/** Turns characters of GPT-2's alphabet back into bytes. A token with another character keeps its UTF-8 bytes. */
export function byteLevelStep(tokens: readonly string[]): readonly string[] {
  const encoder = new TextEncoder();
  const bytes: number[] = [];
  for (const token of tokens) {
    const own = Array.from(token, (character) => BYTE_OF_CHARACTER.get(character));
    for (const byte of own.every((value) => value !== undefined) ? own : encoder.encode(token))
      bytes.push(byte);
  }
  return [new TextDecoder('utf-8', { ignoreBOM: true }).decode(Uint8Array.from(bytes))];
}

/** Turns the replacement of spaces back into spaces, except those that were put before the first word. */
export function metaspaceStep(replacement: string, prepends: boolean): DecoderStep {
  return (tokens) =>
    tokens.map((token, i) => token.replaceAll(replacement, () => (i === 0 && prepends ? '' : ' ')));
}

/** Turns the suffix of a word's last piece into a space, and that of the last token into nothing. */
export function bytePairStep(suffix: string): DecoderStep {
  return (tokens) =>
    tokens.map((token, i) => replaceLiteral(token, suffix, i === tokens.length - 1 ? '' : ' '));
}

/** Drops repeated and padding tokens, as for the output of a speech model. */
export function ctcStep(padding: string, wordDelimiter: string, cleansUp: boolean): DecoderStep {
  return (tokens) =>
    tokens
      .filter((token, i) => i === 0 || token !== tokens[i - 1])
      .map((token) => {
        const kept = replaceLiteral(token, padding, '');
        return cleansUp ? replaceLiteral(cleanUp(kept), wordDelimiter, ' ') : kept;
      })
      .filter((token) => token !== '');
}

/** Replaces a text in each token. The reference finds nothing in an empty token, not even an empty text. */
export function replaceStep(literal: string, content: string): DecoderStep {
  return (tokens) => tokens.map((token) => (token === '' ? '' : replaceLiteral(token, literal, content)));
}

/** Joins all tokens into one. */
export function fuseStep(tokens: readonly string[]): readonly string[] {
  return [tokens.join('')];
}

/** Removes up to `start` leading and `stop` trailing characters that equal `content` from each token. */
export function stripStep(content: string, start: number, stop: number): DecoderStep {
  return (tokens) =>
    tokens.map((token) => {
      const characters = Array.from(token);
      let from = 0;
      while (from < start && characters[from] === content) from++;
      let to = characters.length;
      while (characters.length - to < stop && characters[to - 1] === content) to--;
      return characters.slice(from, to).join('');
    });
}

/** Joins tokens such as `<0xE6>` to the characters of their bytes; each byte of invalid UTF-8 gives U+FFFD. */
export function byteFallbackStep(tokens: readonly string[]): readonly string[] {
  const result: string[] = [];
  let bytes: number[] = [];
  const flush = (): void => {
    if (bytes.length > 0) result.push(...charactersOf(bytes));
    bytes = [];
  };
  for (const token of tokens) {
    const byte = byteOf(token);
    if (byte === undefined) {
      flush();
      result.push(token);
    } else bytes.push(byte);
  }
  flush();
  return result;
}

function charactersOf(bytes: readonly number[]): readonly string[] {
  try {
    return [new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Uint8Array.from(bytes))];
  } catch {
    return bytes.map(() => '\ufffd');
  }
}

/** The reference reads a sign and one digit as a byte, too. */
function byteOf(token: string): number | undefined {
  const [, digits] = /^<0x([\da-f]{2}|\+[\da-f])>$/i.exec(token) ?? [];
  return digits === undefined ? undefined : Number.parseInt(digits, 16);
}

/** Replaces like Rust's `str::replace`: an empty text is found between all characters. */
function replaceLiteral(text: string, literal: string, content: string): string {
  if (literal !== '') return text.replaceAll(literal, () => content);
  return content + Array.from(text, (character) => character + content).join('');
}
