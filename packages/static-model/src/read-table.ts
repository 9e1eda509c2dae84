import { widenBfloat16 } from './bfloat16.js';
import type { EmbeddingTable, TableDtype } from './embedding-table.js';
import { findNonFinite } from './finite.js';
import { widenFloat16 } from './float16.js';
import { MalformedModelError, ModelMismatchError, UnsupportedModelError } from './model-error.js';
import type { Safetensors, SafetensorsDtype, Tensor } from './safetensors.js';
import { elementsOf } from './tensor-elements.js';

const TABLE_DTYPES = {
  F64: 'float64',
  F32: 'float32',
  F16: 'float16',
  BF16: 'bfloat16',
  I8: 'int8',
} as const satisfies Partial<Record<SafetensorsDtype, TableDtype>>;
const MAPPING_DTYPES = ['I32', 'I64'] as const;
const WEIGHTS_DTYPES = ['F64', 'F32', 'F16', 'BF16'] as const;

/** An int64 whose upper half is this is small enough for its lower half to be all of it. */
const NO_UPPER_HALF = 0;

/** What is found in a file that holds no table under any of the names. */
function namesIn(tensors: Safetensors['tensors']): string {
  const names = [...tensors.keys()].slice(0, 10).map((name) => JSON.stringify(name.slice(0, 80)));
  return names.length === 0 ? 'no tensor at all' : names.join(', ') + (tensors.size > 10 ? ', …' : '');
}

/**
 * The table of a file: the tensor of the first name that is there, with `mapping` and `weights` where there are any.
 * All descriptions are checked before the first element is looked at or copied. Views of the file where possible.
 *
 * @throws {@link MalformedModelError} where a tensor is missing or has the wrong number of dimensions
 * @throws {@link UnsupportedModelError} where a tensor has a dtype that such a tensor cannot have
 * @throws {@link ModelMismatchError} where mapping and weights do not fit the table or each other, or are not finite
 */
export function readTable(file: Safetensors, names: readonly string[]): EmbeddingTable {
  const { tensors } = file;
  const name = names.find((candidate) => tensors.has(candidate));
  if (name === undefined) {
    const wanted = names.map((candidate) => JSON.stringify(candidate)).join(' or ');
    throw new MalformedModelError(file.file, `has no tensor ${wanted}; it has ${namesIn(tensors)}`);
  }
  const embeddings = tensors.get(name)!;
  const mapping = tensors.get('mapping');
  const weights = tensors.get('weights');

  const [rows, dim] = checkRank(file, embeddings, 2, 'rows × dimensions') as [number, number];
  if (rows === 0 || dim === 0) {
    throw new MalformedModelError(file.file, `tensor "${name}" is empty: ${rows} rows × ${dim} dimensions`);
  }
  const dtype = TABLE_DTYPES[checkDtype(file, embeddings, Object.keys(TABLE_DTYPES) as TableTensorDtype[])];
  const mappingDtype = mapping && checkDtype(file, mapping, MAPPING_DTYPES);
  const weightsDtype = weights && checkDtype(file, weights, WEIGHTS_DTYPES);
  if (mapping) checkRank(file, mapping, 1, 'one row number a token');
  if (weights) checkRank(file, weights, 1, 'one factor a token');
  if (mapping && weights && mapping.size !== weights.size) {
    throw new ModelMismatchError(
      'weights',
      `${file.file}: "weights" has ${weights.size} elements, "mapping" has ${mapping.size}; both have one a token`,
      Math.abs(weights.size - mapping.size),
    );
  }

  const parts = {
    rows,
    dim,
    ...(mapping && mappingDtype && { mapping: readMapping(file, mapping, mappingDtype, rows) }),
    ...(weights && weightsDtype && { weights: readWeights(file, weights, weightsDtype) }),
  };
  const table = tableOf(dtype, embeddings.bytes, parts);
  checkFinite(file, table, name);
  return table;
}

type TableTensorDtype = keyof typeof TABLE_DTYPES;

function tableOf(
  dtype: TableDtype,
  bytes: Uint8Array,
  parts: Pick<EmbeddingTable, 'rows' | 'dim' | 'mapping' | 'weights'>,
): EmbeddingTable {
  switch (dtype) {
    case 'float64':
      return { dtype, ...parts, data: elementsOf(bytes, Float64Array) };
    case 'float32':
      return { dtype, ...parts, data: elementsOf(bytes, Float32Array) };
    case 'float16':
    case 'bfloat16':
      return { dtype, ...parts, data: elementsOf(bytes, Uint16Array) };
    case 'int8':
      return { dtype, ...parts, data: elementsOf(bytes, Int8Array) };
  }
}

function checkRank(file: Safetensors, tensor: Tensor, rank: number, meaning: string): readonly number[] {
  if (tensor.shape.length === rank) return tensor.shape;
  throw new MalformedModelError(
    file.file,
    `tensor "${tensor.name}" has the shape [${tensor.shape.join(', ')}], but must have ${rank === 1 ? '1 dimension' : `${rank} dimensions`}: ${meaning}`,
  );
}

function checkDtype<Dtype extends SafetensorsDtype>(
  file: Safetensors,
  tensor: Tensor,
  allowed: readonly Dtype[],
): Dtype {
  const dtype = allowed.find((candidate) => candidate === tensor.dtype);
  if (dtype !== undefined) return dtype;
  throw new UnsupportedModelError(
    `${file.file}: tensor "${tensor.name}" has the dtype ${tensor.dtype}; it can be read as ${allowed.join(', ')}`,
  );
}

/**
 * Rows of the token ids. Each must be a row of the table: numpy would count a negative one from the end, which no
 * writer means, and fail on a larger one only when the token occurs.
 */
function readMapping(
  file: Safetensors,
  tensor: Tensor,
  dtype: (typeof MAPPING_DTYPES)[number],
  rows: number,
): Int32Array {
  const mapping = dtype === 'I32' ? elementsOf(tensor.bytes, Int32Array) : new Int32Array(tensor.size);
  let count = 0;
  let first = -1;
  let found = '';
  if (dtype === 'I32') {
    for (let i = 0; i < mapping.length; i++) {
      const row = mapping[i]!;
      if ((row < 0 || row >= rows) && count++ === 0) {
        first = i;
        found = String(row);
      }
    }
  } else {
    const { bytes } = tensor;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let i = 0; i < mapping.length; i++) {
      const row = view.getUint32(8 * i, true);
      if (view.getUint32(8 * i + 4, true) !== NO_UPPER_HALF || row >= rows) {
        if (count++ === 0) {
          first = i;
          found = String(view.getBigInt64(8 * i, true));
        }
      }
      mapping[i] = row;
    }
  }
  if (count > 0) {
    throw new ModelMismatchError(
      'mapping',
      `${file.file}: "mapping" leads to rows that the table does not have: ${count} of ${mapping.length} values are not in 0 … ${rows - 1}, the first at index ${first} (${found})`,
      count,
      first,
    );
  }
  return mapping;
}

function readWeights(
  file: Safetensors,
  tensor: Tensor,
  dtype: (typeof WEIGHTS_DTYPES)[number],
): Float32Array | Float64Array {
  const weights = widenedWeights(tensor, dtype);
  const { count, first } =
    weights instanceof Float64Array ? findNonFinite('float64', weights) : findNonFinite('float32', weights);
  if (count > 0) {
    throw new ModelMismatchError(
      'weights',
      `${file.file}: "weights" has ${count} of ${weights.length} elements that are not finite numbers, the first at index ${first} (${weights[first]})`,
      count,
      first,
    );
  }
  return weights;
}

function widenedWeights(tensor: Tensor, dtype: (typeof WEIGHTS_DTYPES)[number]): Float32Array | Float64Array {
  switch (dtype) {
    case 'F64':
      return elementsOf(tensor.bytes, Float64Array);
    case 'F32':
      return elementsOf(tensor.bytes, Float32Array);
    case 'F16':
    case 'BF16': {
      const weights = new Float32Array(tensor.size);
      const widen = dtype === 'F16' ? widenFloat16 : widenBfloat16;
      widen(elementsOf(tensor.bytes, Uint16Array), weights);
      return weights;
    }
  }
}

function checkFinite(file: Safetensors, table: EmbeddingTable, name: string): void {
  const { count, first } = findNonFinite(table.dtype, table.data);
  if (count === 0) return;
  const row = Math.floor(first / table.dim);
  throw new ModelMismatchError(
    'embeddings',
    `${file.file}: tensor "${name}" has ${count} of ${table.data.length} elements that are NaN or infinite, the first in row ${row}, column ${first % table.dim} (index ${first}): every text with such a row would get a vector without meaning`,
    count,
    first,
  );
}
