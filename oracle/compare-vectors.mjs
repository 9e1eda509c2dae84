import { AGREED, constructOf } from './compare-ids.mjs';

/** Python's names of the options, in this project's spelling. */
const SPELLING = {
  max_length: 'maxLength',
  normalize: 'normalize',
  dimensionality: 'dimensionality',
  quantize_to: 'quantizeTo',
  subfolder: 'subfolder',
};

const spelled = (options) =>
  Object.fromEntries(Object.entries(options).map(([name, value]) => [SPELLING[name], value]));

function decoded(base64) {
  const bytes = Buffer.from(base64, 'base64');
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}

/**
 * Where the numbers differ most, or -1. The tolerance is relative to the largest number of all, or, where the reference
 * rounds on its way, to the slack that it gave for each row.
 */
function worst(expected, got, tolerance, dim, slack) {
  let largest = 1;
  for (const value of expected) if (Number.isFinite(value)) largest = Math.max(largest, Math.abs(value));
  let at = -1;
  let most = 1;
  for (let i = 0; i < expected.length; i++) {
    if (expected[i] === got[i] || (Number.isNaN(expected[i]) && Number.isNaN(got[i]))) continue;
    const scale = slack ? slack[Math.floor(i / dim)] : largest;
    const difference = Math.abs(expected[i] - got[i]) / (tolerance * scale);
    if (!(difference <= most)) {
      at = i;
      most = difference;
    }
  }
  return at;
}

function compareCall(found, call, matrices) {
  const expected = decoded(call.vectors);
  const lengths = matrices.map((matrix) => matrix.rows);
  if (call.rows && JSON.stringify(lengths) !== JSON.stringify(call.rows)) {
    const at = call.rows.findIndex((rows, i) => rows !== lengths[i]);
    return `text ${at} has ${lengths[at]} rows, expected ${call.rows[at]}: ${JSON.stringify(found.texts[at]).slice(0, 200)}`;
  }
  const got = new Float32Array(matrices.reduce((sum, { rows, dim }) => sum + rows * dim, 0));
  let filled = 0;
  for (const { data, rows, dim } of matrices) {
    got.set(data.subarray(0, rows * dim), filled);
    filled += rows * dim;
  }
  if (got.length !== expected.length) return `${got.length} numbers, expected ${expected.length}`;
  const at = worst(expected, got, found.tolerance, found.dim, call.slack);
  if (at < 0) return undefined;
  const row = Math.floor(at / found.dim);
  const where = call.rows ? '' : ` ${JSON.stringify(found.texts[row]).slice(0, 200)}`;
  return `row ${row}${where}, column ${at % found.dim} is ${got[at]}, expected ${expected[at]}`;
}

/** Repeats a generated model's calls through the facade: with the kernel that it takes by itself, and with the readable one. */
export async function compareVectors(api, found) {
  const chosen = await compareKernel(api, found, 'auto');
  if (chosen.verdict !== 'agreed' || chosen.kernel === 'js') return chosen;
  return compareKernel(api, found, 'js');
}

async function compareKernel(api, found, kernel) {
  let embedder;
  try {
    embedder = await api.Model2VecEmbeddingFunction.create({
      modelSource: found.folder,
      kernel,
      ...spelled(found.options),
    });
  } catch (error) {
    if (error?.name === 'UnsupportedTokenizerError' || error?.cause?.name === 'UnsupportedTokenizerError') {
      return {
        verdict: 'unsupported',
        construct: constructOf(error.name === 'UnsupportedTokenizerError' ? error : error.cause),
      };
    }
    return { verdict: 'failed', problem: `loading threw ${error.name}: ${error.message}` };
  }
  try {
    if (embedder.dim !== found.dim)
      return { verdict: 'failed', problem: `dim ${embedder.dim}, expected ${found.dim}` };
    for (const call of found.calls) {
      const described = `${embedder.kernel} ${call.method}(${JSON.stringify(call.arguments)})`;
      let result;
      try {
        result =
          call.method === 'encode'
            ? [await embedder.encode(found.texts, spelled(call.arguments))]
            : await embedder.encodeAsSequence(found.texts, spelled(call.arguments));
      } catch (error) {
        if (call.error !== undefined && typeof error.code === 'string') continue;
        return { verdict: 'failed', problem: `${described} threw ${error.name}: ${error.message}` };
      }
      const problem =
        call.error === undefined
          ? compareCall(found, call, result)
          : `gave vectors, expected the error ${call.error}`;
      if (problem) return { verdict: 'failed', problem: `${described}: ${problem}` };
    }
    return { ...AGREED, kernel: embedder.kernel };
  } finally {
    await embedder.close();
  }
}
