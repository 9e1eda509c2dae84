import { MalformedModelError, UnsupportedModelError } from '../model-error.js';

type JsonObject = Readonly<Record<string, unknown>>;

const FILE = 'tokenizer.json';

/** Creates an error about `tokenizer.json`. */
export function malformed(problem: string): MalformedModelError {
  return new MalformedModelError(FILE, problem);
}

/** Whether a value is a JSON object. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The four tokenizer models. */
type TokenizerFamily = 'WordPiece' | 'Unigram' | 'BPE' | 'WordLevel';
const FAMILIES: readonly TokenizerFamily[] = ['WordPiece', 'Unigram', 'BPE', 'WordLevel'];

/** The parts of `tokenizer.json` that pruning changes. */
export interface TokenVocabulary {
  readonly family: TokenizerFamily;
  /** The whole file. */
  readonly file: JsonObject;
  /** `model` of the file. */
  readonly model: JsonObject;
  /** Ids of the model's own tokens. */
  readonly modelIds: ReadonlyMap<string, number>;
  /** Ids of all tokens, including added ones. */
  readonly ids: ReadonlyMap<string, number>;
  readonly tokens: ReadonlyMap<number, string>;
  /** Contents of `added_tokens`, in order. */
  readonly added: readonly string[];
}

/**
 * Reads the vocabulary of a `tokenizer.json` that a tokenizer has already been made from, so its format is valid. Added
 * tokens get the ids that the reference gives them, whatever the file says.
 *
 * @throws {@link UnsupportedModelError} if two tokens share an id
 */
export function readVocabulary(json: Uint8Array): TokenVocabulary {
  const file: unknown = JSON.parse(new TextDecoder().decode(json));
  if (!isObject(file) || !isObject(file.model)) throw malformed('must be an object with a "model"');
  const { model } = file;
  const family = familyOf(model);
  const modelIds = new Map(family === 'Unigram' ? unigramIds(model) : mappedIds(model));
  const ids = new Map(modelIds);
  const added = (Array.isArray(file.added_tokens) ? file.added_tokens : [])
    .map((token: unknown) => (isObject(token) ? token.content : undefined))
    .filter((content): content is string => typeof content === 'string');
  let next = modelIds.size;
  for (const content of added) {
    if (content !== '' && !ids.has(content)) ids.set(content, next++);
  }
  const tokens = new Map<number, string>();
  for (const [token, id] of ids) {
    const other = tokens.get(id);
    if (other !== undefined) {
      throw new UnsupportedModelError(
        `${FILE}: the tokens ${JSON.stringify(other)} and ${JSON.stringify(token)} have one id, ${id}, so that neither can be left out alone`,
      );
    }
    tokens.set(id, token);
  }
  return { family, file, model, modelIds, ids, tokens, added };
}

/** Old files have no type; it follows from their parts, as in the reference. */
function familyOf(model: JsonObject): TokenizerFamily {
  const named = FAMILIES.find((family) => family === model.type);
  if (named !== undefined) return named;
  if (model.type !== undefined)
    throw malformed(`the model's type ${JSON.stringify(model.type)} is not known`);
  if ('merges' in model) return 'BPE';
  if (Array.isArray(model.vocab)) return 'Unigram';
  return 'max_input_chars_per_word' in model || 'continuing_subword_prefix' in model
    ? 'WordPiece'
    : 'WordLevel';
}

function mappedIds({ vocab }: JsonObject): [string, number][] {
  if (!isObject(vocab)) throw malformed('the model\'s "vocab" must be an object');
  return Object.entries(vocab).map(([token, id]) => [token, Number(id)]);
}

function unigramIds({ vocab }: JsonObject): [string, number][] {
  const tokens = unigramEntries(vocab).map(([token], id): [string, number] => [token, id]);
  if (new Set(tokens.map(([token]) => token)).size !== tokens.length) {
    throw new UnsupportedModelError(`${FILE}: a token is listed twice, so its ids are ambiguous`);
  }
  return tokens;
}

/** Tokens and scores of a Unigram model. */
export function unigramEntries(vocab: unknown): readonly (readonly [string, number])[] {
  if (!Array.isArray(vocab)) throw malformed('the model\'s "vocab" must be an array');
  return vocab as (readonly [string, number])[];
}
