import { DistillError, type DistillRemedy } from '@model2vec-ts/distill';
import { expect, it } from 'vitest';
import { failureLine } from './failure-line.js';

/** Every remedy with its words on the command line; a new code without a row does not compile. */
const WORDS: {
  readonly [Code in DistillRemedy['code']]: readonly (readonly [
    Omit<Extract<DistillRemedy, { code: Code }>, 'code'>,
    string,
  ])[];
} = {
  'install-package': [
    [
      { packageName: 'onnxruntime-node' },
      'run npm install onnxruntime-node (with --global if m2v is installed globally)',
    ],
  ],
  'use-sentence-transformer': [
    [
      {},
      'name the folder of a sentence transformer, or its Hub id such as sentence-transformers/all-MiniLM-L6-v2',
    ],
  ],
  'use-encoder': [[{}, 'name a sentence transformer, which encodes text']],
  'export-onnx': [
    [
      { teacher: 'org/name' },
      'run optimum-cli export onnx --model org/name --task feature-extraction FOLDER, and name that folder',
    ],
  ],
  'save-fast-tokenizer': [
    [
      { teacher: 'org/name' },
      'save it in Python: AutoTokenizer.from_pretrained("org/name").save_pretrained(FOLDER)',
    ],
  ],
  'choose-option': [
    [{ option: 'pooling', values: ['mean', 'first'] }, 'pass --pooling mean or first'],
    [{ option: 'prompt', values: [] }, 'leave --prompt out'],
  ],
  'add-texts': [
    [
      { atLeast: 256 },
      'name files with at least 256 texts, better 20,000, or pass a smaller --dimensionality',
    ],
  ],
  'reduce-texts': [[{}, 'name fewer texts, or pass a smaller --dimensionality']],
  'change-pattern': [[{}, 'use a teacher with other tokens']],
  'use-other-cache': [
    [{ isFull: true }, 'free some space, or pass another --cache-dir; vectors that were written are kept'],
    [{ isFull: false }, 'check the folder, or pass another --cache-dir'],
  ],
};

const ROWS = Object.entries(WORDS).flatMap(([code, rows]) =>
  rows.map(([fields, words]) => [{ code, ...fields } as DistillRemedy, words] as const),
);

it.each(ROWS)(
  '%j is %j on the command line, and in the words of the API elsewhere',
  async (remedy, words) => {
    const error = new DistillError('teacher-failed', 'it failed', { remedy });
    expect(await failureLine(error)).toBe(`it failed; ${words}`);
    expect(error.message).toMatch(/^it failed; ./);
    expect(error.message).not.toMatch(/\bm2v\b/);
  },
);
