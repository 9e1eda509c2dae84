import { readFileSync } from 'node:fs';
import { modelFilesOf } from '@model2vec-ts/static-model';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FIXTURES, largestDifference, RECORDED, recorded, tensorOf } from '../fixtures/recorded.js';
import { loadTeacher } from '../teacher/load-teacher.js';
import type { Teacher } from '../teacher/teacher.js';
import { type DistillOptions, distill } from './distill-model.js';

const TEACHERS = ['bert', 'bert-tanh', 'roberta', 'xlm-roberta', 'mpnet', 'distilbert'];
/** The reference's default is float16; the recorded models are float32, in which differences show. */
function optionsOf(name: string): DistillOptions {
  const { pca_dims, sif_coefficient, token_remove_pattern, quantize_to, ...rest } = RECORDED.cases[
    name
  ]! as Record<string, never>;
  const pattern = token_remove_pattern as string | null | undefined;
  return {
    dimensionality: pca_dims,
    sifCoefficient: sif_coefficient,
    dtype: quantize_to ?? 'float32',
    tokenRemovePattern: typeof pattern === 'string' ? new RegExp(pattern, 'su') : pattern,
    ...rest,
  };
}

const widened = (bytes: Uint8Array): Float32Array => tensorOf(bytes, 'embeddings');
const json = (bytes: Uint8Array): unknown => JSON.parse(new TextDecoder().decode(bytes));

describe('distill', () => {
  const teachers = new Map<string, Teacher>();
  beforeAll(async () => {
    for (const name of TEACHERS) {
      teachers.set(name, await loadTeacher(`${FIXTURES}teachers/${name}`, { name: `teachers/${name}` }));
    }
  });
  afterAll(async () => {
    for (const teacher of teachers.values()) await teacher.close();
  });

  const every = TEACHERS.flatMap((name) =>
    ['default', 'words', 'plain'].map((each) => [name, each] as const),
  );
  const ofBert = Object.keys(RECORDED.cases).filter((each) => !['default', 'words', 'plain'].includes(each));
  it.each([...every, ...ofBert.map((each) => ['bert', each] as const)])(
    'makes the model that Python makes of %s: %s',
    async (name, each) => {
      const model = await distill(teachers.get(name)!, optionsOf(each));
      const files = modelFilesOf(model);
      const folder = `distilled/${name}-${each}/`;
      for (const file of ['tokenizer.json', 'config.json']) {
        expect(json(files[file]!)).toEqual(json(readFileSync(FIXTURES + folder + file)));
      }
      const { dtype, dim, data } = model.table;
      if (dtype === 'int8') {
        const bytes = readFileSync(`${FIXTURES}${folder}model.safetensors`);
        const table = new Int8Array(bytes.buffer, bytes.byteOffset + bytes.length - data.length, data.length);
        expect(largestDifference(data, table)).toBeLessThanOrEqual(1);
        return;
      }
      const expected = recorded(`${folder}model.safetensors`, 'embeddings');
      if (dtype === 'float16') {
        // Both sides are rounded, so that a flipped last bit exceeds the limit of the Gram matrix.
        expect(worstStep(widened(files['model.safetensors']!), expected)).toBeLessThanOrEqual(1);
        // The unrounded table is that of a case with otherwise equal options.
        const { quantize_to: _, ...unrounded } = RECORDED.cases[each]!;
        expect(unrounded).toEqual(RECORDED.cases.default);
        return;
      }
      compare(Float32Array.from(data), expected, dim);
    },
  );
});

/** Largest difference of two tables of float16, in steps of the expected number. */
function worstStep(found: Float32Array, expected: Float32Array): number {
  expect(found.length).toBe(expected.length);
  // Before rounding, numbers agree to a millionth of the largest one only.
  const accuracy = 1e-6 * expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  let worst = 0;
  found.forEach((value, i) => {
    const exponent = Math.max(Math.floor(Math.log2(Math.abs(expected[i]!))), -14);
    worst = Math.max(worst, (Math.abs(value - expected[i]!) - accuracy) / 2 ** (exponent - 10));
  });
  return worst;
}

/** Columns, rows and the Gram matrix, which does not depend on how close eigenvalues turn out. */
function compare(found: Float32Array, expected: Float32Array, dim: number): void {
  expect(found.length).toBe(expected.length);
  expect(largestDifference(found, expected)).toBeLessThan(1e-3);
  const rows = found.length / dim;
  const dot = (a: Float32Array, b: Float32Array, i: number, j: number): number => {
    let sum = 0;
    for (let k = 0; k < dim; k++) sum += a[i * dim + k]! * b[j * dim + k]!;
    return sum;
  };
  let worst = 1;
  let gram = 0;
  let scale = 0;
  for (let i = 0; i < rows; i++) {
    const norms = dot(found, found, i, i) * dot(expected, expected, i, i);
    if (norms > 1e-20) worst = Math.min(worst, dot(found, expected, i, i) / Math.sqrt(norms));
    for (let j = 0; j < rows; j += 7) {
      gram = Math.max(gram, Math.abs(dot(found, found, i, j) - dot(expected, expected, i, j)));
      scale = Math.max(scale, Math.abs(dot(expected, expected, i, j)));
    }
  }
  expect(worst).toBeGreaterThan(0.99999);
  expect(gram / scale).toBeLessThan(1e-5);
}
