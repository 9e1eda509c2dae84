import { MalformedModelError } from './model-error.js';
import { pullLfs } from './source/lfs-remedy.js';
import type { ModelConfig } from './static-model.js';

/** Most bytes that are parsed unchecked; real configs have a tenth. */
const HARMLESS_BYTES = 4096;
/** Objects and arrays of a config; real ones have a handful. */
const MAX_CONTAINERS = 100_000;

/**
 * Parses the known keys of a model's config.
 *
 * @throws {@link MalformedModelError} if it is no JSON object, or a known key has a value of another type
 */
export async function parseModelConfig(bytes: Uint8Array, file: string): Promise<ModelConfig> {
  const value = await parseJson(bytes, file);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new MalformedModelError(file, 'must be a JSON object');
  }
  const { normalize, max_length, ...rest } = value as Readonly<Record<string, unknown>>;
  if (normalize !== undefined && normalize !== null && typeof normalize !== 'boolean') {
    throw new MalformedModelError(file, `"normalize" must be true or false, found ${shown(normalize)}`);
  }
  if (max_length !== undefined && max_length !== null && !isCount(max_length)) {
    throw new MalformedModelError(
      file,
      `"max_length" must be a whole number of tokens, or null for no limit, found ${shown(max_length)}`,
    );
  }
  return Object.freeze({
    ...rest,
    // The reference reads null as false here, but as "no limit" in max_length.
    ...(typeof normalize === 'boolean' && { normalize }),
    ...(max_length !== undefined && {
      max_length: max_length === null ? null : Math.min(max_length, Number.MAX_SAFE_INTEGER),
    }),
  });
}

/** Tokenizers write 10¹⁸ and more for "no limit", which JSON reads as the nearest float64 or, if too large, as Infinity. */
function isCount(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && (Number.isInteger(value) || value === Infinity);
}

function shown(value: unknown): string {
  return (typeof value === 'number' ? String(value) : JSON.stringify(value)).slice(0, 40);
}

async function parseJson(bytes: Uint8Array, file: string): Promise<unknown> {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    throw new MalformedModelError(file, 'is not valid UTF-8', { cause: error });
  }
  checkNotHtml(text.slice(0, 100), file);
  if (bytes.length <= HARMLESS_BYTES) {
    try {
      return JSON.parse(text);
    } catch {
      // Python's JSON has numbers that the standard lacks.
    }
  }
  const { jsonProblem, parsePythonJson } = await import('./json.js');
  const problem = jsonProblem(bytes, MAX_CONTAINERS);
  if (problem !== undefined) throw new MalformedModelError(file, problem);
  try {
    return parsePythonJson(text);
  } catch (error) {
    throw new MalformedModelError(file, 'is not valid JSON', { cause: error });
  }
}

function checkNotHtml(beginning: string, file: string): void {
  if (/^\s*<[!a-z]/i.test(beginning)) {
    throw new MalformedModelError(file, 'is an HTML page, not JSON, so the address is wrong');
  }
  if (beginning.startsWith('version https://git-lfs')) {
    throw new MalformedModelError(file, 'is a Git LFS pointer, not the file itself', pullLfs());
  }
}

/**
 * Refuses a web page or a Git LFS pointer in place of `tokenizer.json`, which is otherwise parsed by the tokenizer's
 * package.
 *
 * @throws {@link MalformedModelError} if it is one of them
 */
export function checkTokenizerJson(bytes: Uint8Array, file: string): void {
  checkNotHtml(new TextDecoder().decode(bytes.subarray(0, 100)), file);
}
