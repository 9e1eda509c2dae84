import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadStaticModel } from '@model2vec-ts/static-model';
import { loadTokenizer, type Tokenizer } from '@model2vec-ts/tokenizer';
import * as onnxruntime from 'onnxruntime-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { preparePythonEnvironment } from '../../../../scripts/python-environment.mjs';
import { type Form, madeTable, VOCABULARY } from '../../src/fixtures/table.js';
import { jsKernel } from '../../src/kernels/js.js';
import { type ExportedModel, exportOnnx } from '../../src/onnx.js';

const MODEL = new URL('../../../model-minilm-l6/model/', import.meta.url);

const TEXTS = [
  'Alan Turing was born in London.',
  '',
  '\u{13000} \u{13001}',
  'an unknown \u{13000} between',
  'Ærøskøbing, naïve café, Straße',
  '人工知能',
  'word '.repeat(600),
];

/** A tokenizer of 50 words, `w0` to `w49`, of which the last is the unknown. */
const WORDS = new TextEncoder().encode(
  JSON.stringify({
    version: '1.0',
    added_tokens: [],
    pre_tokenizer: { type: 'WhitespaceSplit' },
    post_processor: {
      type: 'TemplateProcessing',
      single: [{ SpecialToken: { id: 'w0', type_id: 0 } }, { Sequence: { id: 'A', type_id: 0 } }],
      pair: [{ Sequence: { id: 'A', type_id: 0 } }, { Sequence: { id: 'B', type_id: 1 } }],
      special_tokens: { w0: { id: 'w0', ids: [0], tokens: ['w0'] } },
    },
    model: {
      type: 'WordLevel',
      vocab: Object.fromEntries(Array.from({ length: VOCABULARY }, (_, i) => [`w${i}`, i])),
      unk_token: `w${VOCABULARY - 1}`,
    },
  }),
);
const WORD_TEXTS = ['w1 w2 w3', '', 'w7', 'nothing known', 'w4 nothing w4', 'w0 w1 '.repeat(40)];

/** The `js` kernel's result for the texts, with as many tokens as the export's tokenizer keeps. */
async function expected(
  { table }: ExportedModel,
  tokenizer: Tokenizer,
  texts: readonly string[],
  normalize: boolean,
): Promise<Float32Array> {
  const kernel = await jsKernel.load(table);
  const out = new Float32Array(texts.length * table.dim);
  await kernel.pool(tokenizer.encodeBatch(texts, { maxTokens: 512, dropUnknown: true }), out, { normalize });
  return out;
}

/** onnxruntime-node's result, padded by hand with the exported id. */
async function inNode(
  files: Readonly<Record<string, Uint8Array>>,
  tokenizer: Tokenizer,
  texts: readonly string[],
): Promise<Float32Array> {
  const { pad_token_id } = JSON.parse(new TextDecoder().decode(files['config.json']));
  const ids = texts.map((text) => [...tokenizer.encode(text, { maxTokens: 512 })]);
  const longest = Math.max(...ids.map(({ length }) => length));
  const padded = (of: (tokens: readonly number[], at: number) => number): onnxruntime.Tensor =>
    new onnxruntime.Tensor(
      'int64',
      BigInt64Array.from(
        ids.flatMap((tokens) => Array.from({ length: longest }, (_, at) => BigInt(of(tokens, at)))),
      ),
      [texts.length, longest],
    );
  const session = await onnxruntime.InferenceSession.create(files['model.onnx']!);
  const { embeddings } = await session.run({
    input_ids: padded((tokens, at) => tokens[at] ?? pad_token_id),
    attention_mask: padded((tokens, at) => (at < tokens.length ? 1 : 0)),
  });
  await session.release();
  return embeddings!.data as Float32Array;
}

let python: string;
let folder: string;

/** The result of Python's onnxruntime and tokenizers with the exported folder. */
async function inPython(
  files: Readonly<Record<string, Uint8Array>>,
  texts: readonly string[],
): Promise<Float32Array> {
  for (const [name, bytes] of Object.entries(files)) await writeFile(join(folder, name), bytes);
  const program = fileURLToPath(new URL('onnx-session.py', import.meta.url));
  const printed = execFileSync(python, [program, folder], { input: JSON.stringify(texts), encoding: 'utf8' });
  return new Float32Array(new Uint8Array(Buffer.from(printed, 'base64')).buffer);
}

function close(found: Float32Array, wanted: Float32Array): void {
  expect(found.length).toBe(wanted.length);
  const worst = wanted.reduce(
    (most, value, i) => Math.max(most, Math.abs(found[i]! - value) / Math.max(1, Math.abs(value))),
    0,
  );
  expect(worst).toBeLessThan(1e-6);
}

describe('an exported model', () => {
  beforeAll(async () => {
    python = preparePythonEnvironment({
      directory: fileURLToPath(new URL('../../../../.cache/onnx-venv', import.meta.url)),
      requirements: fileURLToPath(new URL('requirements.txt', import.meta.url)),
    });
    folder = await mkdtemp(join(tmpdir(), 'm2v-onnx-'));
  }, 300_000);

  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  it('gives the embeddings of the js kernel in Node and in Python', async () => {
    const model = await loadStaticModel(MODEL);
    const tokenizer = loadTokenizer(model.tokenizerJson);
    const files = exportOnnx(model, tokenizer);
    const wanted = await expected(model, tokenizer, TEXTS, model.config.normalize ?? false);
    close(await inNode(files, tokenizer, TEXTS), wanted);
    close(await inPython(files, TEXTS), wanted);
  });

  it('keeps an int8 table at one byte per value', async () => {
    const model = await loadStaticModel(MODEL);
    const files = exportOnnx(model, loadTokenizer(model.tokenizerJson));
    expect(files['model.onnx']!.length).toBeLessThan(model.table.data.byteLength + 4096);
  });

  const forms: readonly Form[] = ['plain', 'mapping', 'weights32', 'weights64', 'mapping+weights32'];
  for (const dtype of ['float64', 'float32', 'float16', 'int8'] as const) {
    it.each(forms)(`gives them for ${dtype} tables, %s`, async (form) => {
      const model: ExportedModel = {
        table: madeTable(dtype, form, 12),
        tokenizerJson: WORDS,
        config: { normalize: false },
      };
      const tokenizer = loadTokenizer(WORDS);
      for (const normalize of [false, true]) {
        const files = exportOnnx(model, tokenizer, { normalize });
        const wanted = await expected(model, tokenizer, WORD_TEXTS, normalize);
        close(await inNode(files, tokenizer, WORD_TEXTS), wanted);
      }
      const wanted = await expected(model, tokenizer, WORD_TEXTS, false);
      close(await inPython(exportOnnx(model, tokenizer), WORD_TEXTS), wanted);
    });
  }

  it('pads with the unknown token if there is no padding token, like the reference', () => {
    const tokenizer = loadTokenizer(WORDS);
    const model = { table: madeTable('int8', 'plain', 3), tokenizerJson: WORDS, config: {} };
    const read = (name: string): unknown =>
      JSON.parse(new TextDecoder().decode(exportOnnx(model, tokenizer)[name]));
    expect(read('config.json')).toEqual({ pad_token_id: VOCABULARY - 1 });
    expect(read('special_tokens_map.json')).toEqual({ pad_token: `w${VOCABULARY - 1}` });
    expect(read('tokenizer.json')).toMatchObject({ post_processor: null });
    expect(read('tokenizer_config.json')).toMatchObject({ model_max_length: 512 });
  });

  it('is refused if one file cannot hold it', () => {
    const data = { length: 2 ** 31, byteLength: 2 ** 31 } as Int8Array;
    const model: ExportedModel = {
      // Only its length is read, so no array of 2 GiB is created.
      table: { dtype: 'int8', rows: 2 ** 21, dim: 2 ** 10, data },
      tokenizerJson: WORDS,
      config: {},
    };
    expect(() => exportOnnx(model, loadTokenizer(WORDS))).toThrow(
      expect.objectContaining({
        code: 'unsupported-table',
        message: expect.stringContaining('found 2147483648'),
      }),
    );
  });
});
