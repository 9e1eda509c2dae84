import { LARGEST_LENGTH, readChoice } from '../json/json-choice.js';
import { readComponent } from '../json/json-component.js';
import {
  type JsonObject,
  readArray,
  readBoolean,
  readCharacter,
  readCount,
  readObject,
  readOptional,
  readString,
} from '../json/json-reader.js';
import { LiteralPattern } from '../literal-pattern.js';
import type { Pattern } from '../pattern.js';
import { MalformedTokenizerError, UnsupportedTokenizerError } from '../tokenizer-error.js';
import { NUMERIC } from '../unicode/numeric.js';
import { PUNCTUATION } from '../unicode/punctuation.js';
import { WHITE_SPACE } from '../unicode/white-space.js';
import { BertPreTokenizer } from './bert-pre-tokenizer.js';
import { ByteLevel, GPT2_PATTERN } from './byte-level.js';
import { CharacterPattern } from './character-pattern.js';
import { FixedLength } from './fixed-length.js';
import { Metaspace, PREPEND_SCHEMES } from './metaspace.js';
import type { PreTokenizer } from './pre-tokenizer.js';
import { Sequence } from './sequence.js';
import { Split } from './split.js';
import { SPLIT_BEHAVIORS } from './split-behavior.js';
import { UnicodeScripts } from './unicode-scripts.js';
import { Whitespace } from './whitespace.js';

/** Compiles an Oniguruma pattern; errors name `path`. */
export type CompileRegex = (source: string, path: string) => Pattern;

function readByteLevel(json: JsonObject, path: string, compileRegex: CompileRegex): ByteLevel {
  readBoolean(json.trim_offsets, `${path}.trim_offsets`);
  const addsPrefixSpace = readBoolean(json.add_prefix_space, `${path}.add_prefix_space`);
  const usesRegex = json.use_regex === undefined || readBoolean(json.use_regex, `${path}.use_regex`);
  return new ByteLevel(addsPrefixSpace, usesRegex ? compileRegex(GPT2_PATTERN, path) : undefined);
}

function readMetaspace(json: JsonObject, path: string): Metaspace {
  const replacement = readCharacter(json.replacement, `${path}.replacement`);
  const prependScheme =
    json.prepend_scheme === undefined
      ? 'always'
      : readChoice(json.prepend_scheme, `${path}.prepend_scheme`, PREPEND_SCHEMES);
  const addsPrefixSpace = readOptional(json.add_prefix_space, `${path}.add_prefix_space`, readBoolean);
  if (addsPrefixSpace === false && prependScheme !== 'never') {
    throw new MalformedTokenizerError(
      `${path}.add_prefix_space`,
      `is false, which does not go with prepend_scheme ${prependScheme}; write prepend_scheme "never"`,
    );
  }
  readOptional(json.str_rep, `${path}.str_rep`, readString);
  const cuts = readOptional(json.split, `${path}.split`, readBoolean) ?? true;
  return new Metaspace(replacement, prependScheme, cuts);
}

function readSplitPattern(value: unknown, path: string, compileRegex: CompileRegex): Pattern {
  const entries = Object.entries(readObject(value, path));
  const [kind, source] = entries[0] ?? [];
  if (entries.length !== 1 || (kind !== 'String' && kind !== 'Regex')) {
    throw new MalformedTokenizerError(path, 'must be {"String": …} or {"Regex": …}');
  }
  const text = readString(source, `${path}.${kind}`);
  return kind === 'String' ? new LiteralPattern(text) : compileRegex(text, `${path}.Regex`);
}

function readSplit(json: JsonObject, path: string, compileRegex: CompileRegex): Split {
  return new Split(
    readSplitPattern(json.pattern, `${path}.pattern`, compileRegex),
    readChoice(json.behavior, `${path}.behavior`, SPLIT_BEHAVIORS),
    readBoolean(json.invert, `${path}.invert`),
  );
}

function readPunctuation(json: JsonObject, path: string): Split {
  const behavior =
    json.behavior === undefined ? 'Isolated' : readChoice(json.behavior, `${path}.behavior`, SPLIT_BEHAVIORS);
  return new Split(new CharacterPattern(PUNCTUATION), behavior, false);
}

function readDigits(json: JsonObject, path: string): Split {
  const isolates = readBoolean(json.individual_digits, `${path}.individual_digits`);
  return new Split(new CharacterPattern(NUMERIC), isolates ? 'Isolated' : 'Contiguous', false);
}

function readFixedLength(json: JsonObject, path: string): FixedLength {
  const length = json.length === undefined ? 5 : readCount(json.length, `${path}.length`, LARGEST_LENGTH);
  if (length === 0) {
    throw new MalformedTokenizerError(
      `${path}.length`,
      'is 0, with which the reference fails on every text; it must be at least 1',
    );
  }
  return new FixedLength(length);
}

function readSequence(json: JsonObject, path: string, compileRegex: CompileRegex): Sequence {
  const steps = readArray(json.pretokenizers, `${path}.pretokenizers`);
  return new Sequence(
    steps.map((step, i) => readPreTokenizer(step, `${path}.pretokenizers[${i}]`, compileRegex)),
  );
}

/**
 * Reads a pre-tokenizer of `tokenizer.json`.
 *
 * @param path - JSON path, for errors
 */
export function readPreTokenizer(value: unknown, path: string, compileRegex: CompileRegex): PreTokenizer {
  const json = readComponent(value, path);
  const type = readString(json.type, `${path}.type`);
  switch (type) {
    case 'BertPreTokenizer':
      return new BertPreTokenizer();
    case 'ByteLevel':
      return readByteLevel(json, path, compileRegex);
    case 'CharDelimiterSplit':
      return new Split(
        new LiteralPattern(readCharacter(json.delimiter, `${path}.delimiter`)),
        'Removed',
        false,
      );
    case 'Digits':
      return readDigits(json, path);
    case 'FixedLength':
      return readFixedLength(json, path);
    case 'Metaspace':
      return readMetaspace(json, path);
    case 'Punctuation':
      return readPunctuation(json, path);
    case 'Sequence':
      return readSequence(json, path, compileRegex);
    case 'Split':
      return readSplit(json, path, compileRegex);
    case 'UnicodeScripts':
      return new UnicodeScripts();
    case 'Whitespace':
      return new Whitespace();
    case 'WhitespaceSplit':
      return new Split(new CharacterPattern(WHITE_SPACE), 'Removed', false);
    default:
      throw new UnsupportedTokenizerError(path, type, 'no pre-tokenizer of the reference has this type');
  }
}
