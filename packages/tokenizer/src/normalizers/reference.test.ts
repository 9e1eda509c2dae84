import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { loadTokenizer } from '../load-tokenizer.js';
import { NormalizedText } from '../normalized-text.js';
import { compileOnigurumaPattern } from '../oniguruma/oniguruma-pattern.js';
import { TokenizerError } from '../tokenizer-error.js';
import { readNormalizer } from './normalizer-json.js';

/** A result of the reference, or `null` if it crashes. */
type Outcome = string | null;

interface Recorded {
  readonly texts: readonly string[];
  /** Byte-level tokenizers without a normalizer. Their Metaspace marks a piece at the original's start. */
  readonly tokenizers: readonly { readonly model: { readonly vocab: Readonly<Record<string, number>> } }[];
  readonly cases: readonly {
    readonly normalizer: { readonly type: string };
    /** Indices of texts with their normalized forms. */
    readonly texts: readonly number[];
    readonly normalized: readonly Outcome[];
    /** Results of the whole pipeline; `tokens` is `null` if it cannot be loaded. */
    readonly marked: readonly {
      readonly tokenizer: number;
      readonly texts: readonly number[];
      readonly tokens: readonly Outcome[] | null;
    }[];
  }[];
}

const recorded: Recorded = JSON.parse(
  gunzipSync(readFileSync(new URL('fixtures/normalizer-cases.json.gz', import.meta.url))).toString(),
);

function attempt(run: () => string): Outcome {
  try {
    return run();
  } catch (error) {
    if (TokenizerError.isInstance(error)) return null;
    throw error;
  }
}

function nameOf(normalizer: object): string {
  return JSON.stringify(normalizer, (key, value) => (key === 'precompiled_charsmap' ? '…' : value));
}

const cases = recorded.cases.map((entry) => [nameOf(entry.normalizer), entry] as const);

describe('a normalizer', () => {
  it.each(cases)('gives the texts of the reference: %s', (_, { normalizer, texts, normalized }) => {
    const own = readNormalizer(normalizer, '$.normalizer', compileOnigurumaPattern);
    const outcomes = texts.map((index) =>
      attempt(() => {
        const text = NormalizedText.of(recorded.texts[index]!);
        own.normalize(text);
        return text.text;
      }),
    );
    expect(outcomes).toEqual(normalized);
  });

  it.each(cases)('leaves the origin like the reference: %s', (_, { normalizer, marked }) => {
    for (const { tokenizer, texts, tokens } of marked) {
      if (tokens === null) continue;
      const template = recorded.tokenizers[tokenizer]!;
      const characters = Object.entries(template.model.vocab).reduce<string[]>((all, [character, id]) => {
        all[id] = character;
        return all;
      }, []);
      const loaded = loadTokenizer({ ...template, normalizer });
      const outcomes = texts.map((index) =>
        attempt(() =>
          [...loaded.encode(recorded.texts[index]!)]
            .map((id) => (characters[id]?.length === 1 ? characters[id] : ' '))
            .join(''),
        ),
      );
      expect(outcomes).toEqual(tokens);
    }
  });
});
