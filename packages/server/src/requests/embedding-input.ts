import type { TokenBatch } from '@model2vec-ts/embedding-function';
import { wrongType } from './body-fields.js';
import { RequestError } from './request-error.js';

/** Texts, or texts tokenized by the client. */
export type EmbeddingInput =
  | { readonly kind: 'texts'; readonly texts: readonly string[] }
  | { readonly kind: 'tokens'; readonly tokens: TokenBatch };

/** Rules for an input. */
export interface InputRules {
  /** Field of the body, for error messages. */
  readonly name: string;
  readonly maxTexts: number;
  /** Whether to refuse an empty text, whose embedding is a zero vector, as OpenAI and TEI do. */
  readonly refuseEmpty: boolean;
}

/** Number of texts in an input. */
export function inputLength(input: EmbeddingInput): number {
  return input.kind === 'texts' ? input.texts.length : input.tokens.offsets.length - 1;
}

/**
 * Reads a text, a list of texts, the token ids of a text, or a list of such lists.
 *
 * @throws {@link RequestError} `empty-input`, `batch-too-large` or `invalid-argument`, naming the element
 */
export function parseInput(value: unknown, rules: InputRules): EmbeddingInput {
  const { name } = rules;
  if (typeof value === 'string') return { kind: 'texts', texts: checkTexts([value], rules, false) };
  if (!Array.isArray(value)) throw wrongType(name, 'a string, an array of strings or token ids', value);
  if (value.length === 0) throw emptyInput(name);
  const first: unknown = value[0];
  if (typeof first === 'string') return { kind: 'texts', texts: checkTexts(value, rules, true) };
  if (typeof first === 'number') return { kind: 'tokens', tokens: tokenBatch([value], rules, false) };
  if (Array.isArray(first)) return { kind: 'tokens', tokens: tokenBatch(value, rules, true) };
  throw wrongType(`${name}[0]`, 'a string, a token id or an array of token ids', first);
}

/** Reads a text or a list of texts. */
export function parseTexts(value: unknown, rules: InputRules): readonly string[] {
  if (typeof value === 'string') return checkTexts([value], rules, false);
  if (!Array.isArray(value)) throw wrongType(rules.name, 'a string or an array of strings', value);
  if (value.length === 0) throw emptyInput(rules.name);
  return checkTexts(value, rules, true);
}

/** Reads the token ids of a text, or a list of such lists. */
export function parseTokens(value: unknown, rules: InputRules): TokenBatch {
  const input = Array.isArray(value) ? parseInput(value, rules) : undefined;
  if (input?.kind === 'tokens') return input.tokens;
  throw wrongType(rules.name, 'an array of token ids, or an array of such arrays', value);
}

function checkTexts(texts: readonly unknown[], rules: InputRules, listed: boolean): readonly string[] {
  checkLength(texts.length, rules);
  for (let i = 0; i < texts.length; i++) {
    const text = texts[i];
    if (typeof text !== 'string') throw wrongType(`${rules.name}[${i}]`, 'a string', text);
    if (text === '' && rules.refuseEmpty) throw emptyInput(listed ? `${rules.name}[${i}]` : rules.name);
  }
  return texts as readonly string[];
}

function tokenBatch(lists: readonly unknown[], rules: InputRules, listed: boolean): TokenBatch {
  checkLength(lists.length, rules);
  let total = 0;
  const offsets = new Uint32Array(lists.length + 1);
  for (let i = 0; i < lists.length; i++) {
    const list = lists[i];
    const name = listed ? `${rules.name}[${i}]` : rules.name;
    if (!Array.isArray(list)) throw wrongType(name, 'an array of token ids', list);
    if (list.length === 0 && rules.refuseEmpty) throw emptyInput(name);
    total += list.length;
    offsets[i + 1] = total;
  }
  const ids = new Uint32Array(total);
  let at = 0;
  for (let i = 0; i < lists.length; i++) {
    const list = lists[i] as readonly unknown[];
    for (let j = 0; j < list.length; j++) {
      const id = list[j];
      if (typeof id !== 'number' || !Number.isInteger(id) || id < 0 || id > 0xffffffff) {
        throw wrongType(`${rules.name}${listed ? `[${i}]` : ''}[${j}]`, 'a token id', id);
      }
      ids[at++] = id;
    }
  }
  return { ids, offsets };
}

function checkLength(length: number, { name, maxTexts }: InputRules): void {
  if (length > maxTexts) {
    const message = `\`${name}\` must have at most ${maxTexts} elements; found ${length}`;
    throw new RequestError('batch-too-large', message, { param: name });
  }
}

function emptyInput(name: string): RequestError {
  return new RequestError('empty-input', `\`${name}\` cannot be empty`, { param: name });
}
