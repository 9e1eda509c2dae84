import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { TokenizerError } from '../tokenizer-error.js';
import { GrowingSink } from './fixtures/growing-sink.js';
import { readModel } from './model-json.js';
import type { TokenModel } from './token-model.js';

/** A line written by `scripts/model-fixtures.py`. */
interface ReferenceCase {
  /** Behaviour of the reference that a named case shows. */
  readonly name?: string;
  /** The model, or the text of its JSON. */
  readonly model: unknown;
  /** The reference refuses the model. */
  readonly refused?: true;
  readonly size?: number;
  readonly texts?: readonly string[];
  /** `null` if the reference fails on the text. */
  readonly ids?: readonly (readonly number[] | null)[];
}

function readCases(file: string | URL): readonly ReferenceCase[] {
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line) as ReferenceCase);
}

function idsOf(model: TokenModel, text: string): readonly number[] | null {
  const sink = new GrowingSink();
  try {
    model.tokenize(text, sink);
  } catch (error) {
    if (error instanceof TokenizerError && error.code === 'no-unknown-token') return null;
    throw error;
  }
  return [...sink.written];
}

/** The case with this package's results instead of the reference's. */
function replay({ name, model: json, texts = [] }: ReferenceCase): ReferenceCase {
  const named = name === undefined ? {} : { name };
  let model: TokenModel;
  try {
    model = readModel(typeof json === 'string' ? JSON.parse(json) : json, '$.model');
  } catch (error) {
    if (error instanceof TokenizerError && error.code.endsWith('-tokenizer')) {
      return { ...named, model: json, refused: true };
    }
    throw error;
  }
  return { ...named, model: json, size: model.size, texts, ids: texts.map((text) => idsOf(model, text)) };
}

describe('the reference, case by case', () => {
  const named = readCases(new URL('./fixtures/named-cases.jsonl', import.meta.url));

  it.each(named.map((each) => [each.name ?? '', each] as const))('%s', (_, expected) => {
    expect(replay(expected)).toEqual(expected);
  });
});

describe('random small models', () => {
  const file = process.env.MODEL_CASES ?? new URL('./fixtures/model-cases.jsonl', import.meta.url);
  const cases = readCases(file);

  it(`load, give ids and fail exactly like the reference, ${cases.length} times`, () => {
    const differences = cases.filter((expected) => {
      return JSON.stringify(replay(expected)) !== JSON.stringify(expected);
    });
    expect(differences.slice(0, 3).map(replay)).toEqual(differences.slice(0, 3));
    expect(cases.length).toBeGreaterThan(300);
  });
});
