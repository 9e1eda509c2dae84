import { RequestError } from '../requests/request-error.js';
import {
  byteFallbackStep,
  byteLevelStep,
  bytePairStep,
  ctcStep,
  type DecoderStep,
  fuseStep,
  metaspaceStep,
  replaceStep,
  stripStep,
  wordPieceStep,
} from './decoder-step.js';

/**
 * Reads the `decoder` of `tokenizer.json`.
 *
 * @throws {@link RequestError} `unsupported-model`, naming the component
 */
export function readDecoder(value: unknown): DecoderStep {
  const json = isRecord(value) ? value : {};
  switch (json.type) {
    case 'WordPiece':
      return wordPieceStep(text(json, 'prefix', '##'), flag(json, 'cleanup', true));
    case 'ByteLevel':
      return byteLevelStep;
    case 'Metaspace': {
      const scheme = json.add_prefix_space === false ? 'never' : text(json, 'prepend_scheme', 'always');
      return metaspaceStep(text(json, 'replacement', '▁'), scheme !== 'never');
    }
    case 'BPEDecoder':
      return bytePairStep(text(json, 'suffix', '</w>'));
    case 'CTC':
      return ctcStep(
        text(json, 'pad_token', '<pad>'),
        text(json, 'word_delimiter_token', '|'),
        flag(json, 'cleanup', true),
      );
    case 'Replace': {
      const { pattern } = json;
      if (!isRecord(pattern) || typeof pattern.String !== 'string') {
        throw unsupported('a Replace with a regular expression');
      }
      return replaceStep(pattern.String, text(json, 'content', ''));
    }
    case 'Fuse':
      return fuseStep;
    case 'Strip':
      return stripStep(text(json, 'content', ' '), count(json, 'start'), count(json, 'stop'));
    case 'ByteFallback':
      return byteFallbackStep;
    case 'Sequence': {
      const steps = Array.isArray(json.decoders) ? json.decoders.map(readDecoder) : [];
      return (tokens) => steps.reduce((result, step) => step(result), tokens);
    }
    default:
      throw unsupported(typeof json.type === 'string' ? `a ${json.type}` : 'a component without a type');
  }
}

function unsupported(what: string): RequestError {
  return new RequestError(
    'unsupported-model',
    `the model's decoder is ${what}, which this server cannot run`,
  );
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function text(json: Readonly<Record<string, unknown>>, name: string, fallback: string): string {
  const value = json[name];
  return typeof value === 'string' ? value : fallback;
}

function flag(json: Readonly<Record<string, unknown>>, name: string, fallback: boolean): boolean {
  const value = json[name];
  return typeof value === 'boolean' ? value : fallback;
}

function count(json: Readonly<Record<string, unknown>>, name: string): number {
  const value = json[name];
  return typeof value === 'number' ? value : 0;
}
