import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadTokenizer } from './load-tokenizer.js';
import { TokenizerError, UnsupportedTokenizerError } from './tokenizer-error.js';

/** A line written by `scripts/pipeline-fixtures.py`. */
interface PipelineCase {
  readonly tokenizer: object;
  /** The reference refuses the tokenizer. */
  readonly refused?: true;
  readonly facts?: {
    readonly vocabularySize: number;
    readonly medianTokenLength: number;
    readonly unknownId: number | null;
  };
  /** Ids of each text; `error` if the reference refuses the text, `panic` if it crashes. */
  readonly texts?: Readonly<Record<string, readonly number[] | 'error' | 'panic'>>;
}

/** Set the variable to a file that the script wrote with another seed, to look for differences. */
const file = process.env.PIPELINE_CASES ?? new URL('./fixtures/pipeline-cases.jsonl', import.meta.url);
const cases = readFileSync(file, 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as PipelineCase);

/** Added tokens of which the reference chooses at random, or fails: there is no result to compare. */
function hasNoAnswer(error: unknown): boolean {
  return error instanceof UnsupportedTokenizerError && error.componentType === 'AddedToken';
}

function replay(expected: PipelineCase): PipelineCase {
  const { tokenizer: json } = expected;
  let tokenizer: ReturnType<typeof loadTokenizer>;
  try {
    tokenizer = loadTokenizer(JSON.stringify(json));
  } catch (error) {
    if (hasNoAnswer(error)) return expected;
    if (error instanceof TokenizerError) return { tokenizer: json, refused: true };
    throw error;
  }
  const { vocabularySize, medianTokenLength, unknownId } = tokenizer;
  const texts = Object.entries(expected.texts ?? {}).map(([text, ids]) => {
    if (ids === 'panic') return [text, ids];
    try {
      return [text, [...tokenizer.encode(text)]];
    } catch (error) {
      if (error instanceof TokenizerError) return [text, 'error'];
      throw error;
    }
  });
  return {
    tokenizer: json,
    facts: { vocabularySize, medianTokenLength, unknownId },
    texts: Object.fromEntries(texts) as Required<PipelineCase>['texts'],
  };
}

describe('ids and facts equal the reference’s', () => {
  it.each(cases.map((each, i) => [i, each] as const))('in case %i', (_, expected) => {
    expect(replay(expected)).toEqual(expected);
  });
});
