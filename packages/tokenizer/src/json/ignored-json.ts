import { MalformedTokenizerError, UnsupportedTokenizerError } from '../tokenizer-error.js';
import { LARGEST_LENGTH, readChoice } from './json-choice.js';
import { type JsonObject, readArray, readBoolean, readCount, readObject, readString } from './json-reader.js';

function refuse(path: string, problem: string): never {
  throw new MalformedTokenizerError(path, problem);
}

/** Checks the `truncation` of `tokenizer.json`, which is ignored: callers pass `maxTokens`. */
export function checkTruncation(value: unknown, path: string): void {
  if (value === undefined || value === null) return;
  const json = readObject(value, path);
  if (json.direction !== undefined) readChoice(json.direction, `${path}.direction`, ['Left', 'Right']);
  readCount(json.max_length, `${path}.max_length`, LARGEST_LENGTH);
  readChoice(json.strategy, `${path}.strategy`, ['LongestFirst', 'OnlyFirst', 'OnlySecond']);
  readCount(json.stride, `${path}.stride`, LARGEST_LENGTH);
}

/** Checks the `padding` of `tokenizer.json`, which is ignored. */
export function checkPadding(value: unknown, path: string): void {
  if (value === undefined || value === null) return;
  const json = readObject(value, path);
  const strategy = json.strategy;
  if (strategy !== 'BatchLongest') {
    const fixed = readObject(strategy, `${path}.strategy`);
    if (Object.keys(fixed).length !== 1) refuse(`${path}.strategy`, 'must be "BatchLongest" or {"Fixed": …}');
    readCount(fixed.Fixed, `${path}.strategy.Fixed`, LARGEST_LENGTH);
  }
  readChoice(json.direction, `${path}.direction`, ['Left', 'Right']);
  const multiple = json.pad_to_multiple_of;
  if (multiple !== undefined && multiple !== null) {
    readCount(multiple, `${path}.pad_to_multiple_of`, LARGEST_LENGTH);
  }
  readCount(json.pad_id, `${path}.pad_id`);
  readCount(json.pad_type_id, `${path}.pad_type_id`);
  readString(json.pad_token, `${path}.pad_token`);
}

const DECODERS = [
  'BPEDecoder',
  'ByteLevel',
  'WordPiece',
  'Metaspace',
  'CTC',
  'Sequence',
  'Replace',
  'Fuse',
  'Strip',
  'ByteFallback',
];

/** Checks the type of the `decoder` of `tokenizer.json`, which is ignored, because it turns ids into text. */
export function checkDecoder(value: unknown, path: string): void {
  if (value === undefined || value === null) return;
  const json = readObject(value, path);
  // Older files have no type, but other keys of the decoder.
  if (json.type === undefined && Object.keys(json).length > 0) return;
  const type = readString(json.type, `${path}.type`);
  if (!DECODERS.includes(type)) {
    throw new UnsupportedTokenizerError(path, type, 'no decoder of the reference has this type');
  }
}

/** Counts how often a `single` template contains the text; special tokens are never added. */
function countTexts(value: unknown, path: string): number {
  let count = 0;
  readArray(value, path).forEach((element, i) => {
    const elementPath = `${path}[${i}]`;
    const entries = Object.entries(readObject(element, elementPath));
    const [kind, content] = entries[0] ?? [];
    if (entries.length !== 1 || (kind !== 'Sequence' && kind !== 'SpecialToken')) {
      refuse(elementPath, 'must be {"Sequence": …} or {"SpecialToken": …}');
    }
    const { id, type_id } = readObject(content, `${elementPath}.${kind}`);
    readCount(type_id, `${elementPath}.${kind}.type_id`);
    if (kind === 'SpecialToken') {
      readString(id, `${elementPath}.${kind}.id`);
    } else {
      const text = readChoice(id, `${elementPath}.${kind}.id`, ['A', 'B']);
      // The reference fails without a second text.
      count += text === 'A' ? 1 : Number.POSITIVE_INFINITY;
    }
  });
  return count;
}

function checkTemplate(json: JsonObject, path: string): void {
  countTexts(json.pair, `${path}.pair`);
  readObject(json.special_tokens, `${path}.special_tokens`);
  if (countTexts(json.single, `${path}.single`) !== 1) {
    throw new UnsupportedTokenizerError(
      path,
      'TemplateProcessing',
      'its "single" template must contain the text exactly once as {"Sequence": {"id": "A", …}}; otherwise ids repeat or vanish',
    );
  }
}

function checkSpecialToken(value: unknown, path: string): void {
  const pair = readArray(value, path);
  if (pair.length !== 2) refuse(path, 'must be a token and its id');
  readString(pair[0], `${path}[0]`);
  readCount(pair[1], `${path}[1]`);
}

/**
 * Checks the `post_processor` of `tokenizer.json`. Its special tokens are ignored, but a template could also repeat or
 * drop the text.
 */
export function checkPostProcessor(value: unknown, path: string): void {
  if (value === undefined || value === null) return;
  const json = readObject(value, path);
  if (json.type === 'Sequence') {
    readArray(json.processors, `${path}.processors`).forEach((processor, i) => {
      checkPostProcessor(readObject(processor, `${path}.processors[${i}]`), `${path}.processors[${i}]`);
    });
  } else if (json.type === 'ByteLevel') {
    readBoolean(json.add_prefix_space, `${path}.add_prefix_space`);
    readBoolean(json.trim_offsets, `${path}.trim_offsets`);
  } else if (json.sep !== undefined) {
    // The reference distinguishes the others by their keys and ignores their type.
    checkSpecialToken(json.sep, `${path}.sep`);
    checkSpecialToken(json.cls, `${path}.cls`);
  } else if (json.single !== undefined) {
    checkTemplate(json, path);
  } else {
    const type = readString(json.type, `${path}.type`);
    throw new UnsupportedTokenizerError(path, type, 'no post-processor of the reference looks like this');
  }
}
