import { describe, expect, it } from 'vitest';
import { DistillError } from './distill-error.js';
import { apiWords, type DistillRemedy } from './remedy.js';

/** The remedy of each code, and this package's wording of it. A new code without a row does not compile. */
const WORDS: {
  readonly [Code in DistillRemedy['code']]: readonly (readonly [
    Omit<Extract<DistillRemedy, { code: Code }>, 'code'>,
    string,
  ])[];
} = {
  'install-package': [[{ packageName: 'onnxruntime-node' }, 'run npm install onnxruntime-node']],
  'use-sentence-transformer': [
    [
      {},
      'pass the folder of a sentence transformer, or its Hub id such as "sentence-transformers/all-MiniLM-L6-v2"',
    ],
  ],
  'use-encoder': [[{}, 'pass a sentence transformer, which encodes text']],
  'export-onnx': [
    [
      { teacher: 'org/name' },
      'export it with `optimum-cli export onnx --model org/name --task feature-extraction FOLDER`, and pass that folder',
    ],
  ],
  'save-fast-tokenizer': [
    [
      { teacher: 'org/name' },
      'save it in Python: AutoTokenizer.from_pretrained("org/name").save_pretrained(FOLDER)',
    ],
  ],
  'choose-option': [
    [{ option: 'pooling', values: ['mean', 'first'] }, "pass pooling: 'mean' or 'first'"],
    [{ option: 'prompt', values: [] }, 'leave prompt out'],
  ],
  'add-texts': [[{ atLeast: 256 }, 'pass at least 256 texts, better 20,000, or a smaller dimensionality']],
  'reduce-texts': [[{}, 'pass fewer texts, or a smaller dimensionality']],
  'change-pattern': [[{}, 'pass another tokenRemovePattern']],
  'use-other-cache': [
    [{ isFull: true }, 'free some space, or pass another cacheDir; vectors that were written are kept'],
    [{ isFull: false }, 'check the folder, or pass another cacheDir'],
  ],
};

const ROWS = Object.entries(WORDS).flatMap(([code, rows]) =>
  rows.map(([fields, words]) => [{ code, ...fields } as DistillRemedy, words] as const),
);

describe('a remedy', () => {
  it.each(ROWS)('%j is worded with names of the API', (remedy, words) => {
    expect(apiWords(remedy)).toBe(words);
  });

  it('follows the summary in the message', () => {
    const error = new DistillError('missing-runtime', 'it failed', {
      remedy: { code: 'install-package', packageName: 'onnxruntime-node' },
    });
    expect(error.summary).toBe('it failed');
    expect(error.message).toBe('it failed; run npm install onnxruntime-node');
    expect(DistillError.isInstance(error)).toBe(true);
    expect(DistillError.isInstance(new Error('it failed'))).toBe(false);
  });
});
