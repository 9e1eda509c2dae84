import { readComponent } from '../json/json-component.js';
import { type JsonObject, readArray, readBoolean, readObject, readString } from '../json/json-reader.js';
import { LiteralPattern } from '../literal-pattern.js';
import type { Pattern } from '../pattern.js';
import { MalformedTokenizerError, UnsupportedTokenizerError } from '../tokenizer-error.js';
import { readBert } from './bert-normalizer-json.js';
import { ByteLevel } from './byte-level.js';
import { Lowercase } from './lowercase.js';
import { Nmt } from './nmt.js';
import type { Normalizer } from './normalizer.js';
import { Precompiled } from './precompiled.js';
import { Prepend } from './prepend.js';
import { Replace } from './replace.js';
import { Sequence } from './sequence.js';
import { Strip } from './strip.js';
import { StripAccents } from './strip-accents.js';
import { UnicodeForm } from './unicode-form.js';

/** Compiles an Oniguruma pattern; errors name `path`. */
export type CompileRegex = (source: string, path: string) => Pattern;

function readStrip(json: JsonObject, path: string): Normalizer {
  return new Strip(
    readBoolean(json.strip_left, `${path}.strip_left`),
    readBoolean(json.strip_right, `${path}.strip_right`),
  );
}

function readReplace(json: JsonObject, path: string, compileRegex: CompileRegex): Normalizer {
  const content = readString(json.content, `${path}.content`);
  const entries = Object.entries(readObject(json.pattern, `${path}.pattern`));
  const [kind, source] = entries[0] ?? [];
  if (entries.length !== 1 || (kind !== 'String' && kind !== 'Regex')) {
    throw new MalformedTokenizerError(`${path}.pattern`, 'must be {"String": …} or {"Regex": …}');
  }
  const text = readString(source, `${path}.pattern.${kind}`);
  return new Replace(
    kind === 'String' ? new LiteralPattern(text) : compileRegex(text, `${path}.pattern.Regex`),
    content,
  );
}

function readSequence(json: JsonObject, path: string, compileRegex: CompileRegex): Normalizer {
  const steps = readArray(json.normalizers, `${path}.normalizers`);
  return new Sequence(
    steps.map((step, i) => readNormalizer(step, `${path}.normalizers[${i}]`, compileRegex)),
  );
}

/**
 * Reads an object with an unknown type or none as the reference does: as the first normalizer, in its order, whose fields
 * are there. Files with `BertNormalizer` depend on it, because the reference calls that type Bert.
 */
function readUntagged(json: JsonObject, path: string, compileRegex: CompileRegex): Normalizer {
  const areBooleans = (...keys: string[]): boolean => keys.every((key) => typeof json[key] === 'boolean');
  const accents = json.strip_accents ?? true;
  if (areBooleans('clean_text', 'handle_chinese_chars', 'lowercase') && typeof accents === 'boolean') {
    return readBert(json, path);
  }
  if (areBooleans('strip_left', 'strip_right')) return readStrip(json, path);
  if (Array.isArray(json.normalizers)) return readSequence(json, path, compileRegex);
  if (json.pattern !== undefined && typeof json.content === 'string') {
    return readReplace(json, path, compileRegex);
  }
  if (typeof json.prepend === 'string') return new Prepend(json.prepend);
  const type = readString(json.type, `${path}.type`);
  if (type === 'BertNormalizer') return readBert(json, path);
  throw new UnsupportedTokenizerError(path, type, 'no normalizer of the reference has this type');
}

/**
 * Reads a normalizer of `tokenizer.json`.
 *
 * @param path - JSON path, for errors
 */
export function readNormalizer(value: unknown, path: string, compileRegex: CompileRegex): Normalizer {
  const json = readComponent(value, path);
  switch (json.type) {
    case 'Bert':
      return readBert(json, path);
    case 'Strip':
      return readStrip(json, path);
    case 'StripAccents':
      return new StripAccents();
    case 'NFC':
    case 'NFD':
    case 'NFKC':
    case 'NFKD':
      return new UnicodeForm(json.type);
    case 'Sequence':
      return readSequence(json, path, compileRegex);
    case 'Lowercase':
      return new Lowercase();
    case 'Nmt':
      return new Nmt();
    case 'Precompiled': {
      const at = `${path}.precompiled_charsmap`;
      return new Precompiled(readString(json.precompiled_charsmap, at), at);
    }
    case 'Replace':
      return readReplace(json, path, compileRegex);
    case 'Prepend':
      return new Prepend(readString(json.prepend, `${path}.prepend`));
    case 'ByteLevel':
      return new ByteLevel();
    default:
      return readUntagged(json, path, compileRegex);
  }
}
