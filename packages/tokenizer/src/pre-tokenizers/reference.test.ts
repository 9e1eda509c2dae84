import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { NormalizedText } from '../normalized-text.js';
import { compileOnigurumaPattern } from '../oniguruma/oniguruma-pattern.js';
import { readPreTokenizer } from './pre-tokenizer-json.js';

/** A line written by `scripts/pipeline-fixtures.py`: the reference's pieces of each text. */
interface PreTokenizerCase {
  readonly preTokenizer: unknown;
  readonly texts: Readonly<Record<string, readonly string[]>>;
}

const lines = readFileSync(new URL('./fixtures/pre-tokenizer-cases.jsonl', import.meta.url), 'utf8');
const cases = lines
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as PreTokenizerCase);

describe('pieces equal the reference’s', () => {
  it.each(cases.map((each) => [JSON.stringify(each.preTokenizer), each] as const))(
    'for %s',
    (_, expected) => {
      const preTokenizer = readPreTokenizer(expected.preTokenizer, '$', compileOnigurumaPattern);
      const texts = Object.keys(expected.texts).map((text) => {
        const pieces: NormalizedText[] = [];
        preTokenizer.split(NormalizedText.of(text), pieces);
        return [text, pieces.map((piece) => piece.text)];
      });
      expect(Object.fromEntries(texts)).toEqual(expected.texts);
    },
  );
});
