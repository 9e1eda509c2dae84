import { platform } from '#platform';
import { findNonFinite } from '../elements/finite.js';
import { MalformedModelError, ModelMismatchError, UnsupportedModelError } from '../model-error.js';
import type { Safetensors, SafetensorsDtype, Tensor } from '../safetensors/tensor.js';
import { elementsOf, toMachineOrder } from '../safetensors/tensor-elements.js';
import type { FileBytes } from '../source/file-bytes.js';
import { readParts } from '../source/read-parts.js';
import {
  type EmbeddingTable,
  emptyTable,
  type TableArrays,
  type TableDtype,
  type TableFile,
  type TableRanges,
  type TableShape,
} from './embedding-table.js';
import type { TableParts } from './table-parts.js';

const TABLE_DTYPES = {
  F64: 'float64',
  F32: 'float32',
  F16: 'float16',
  BF16: 'bfloat16',
  I8: 'int8',
} as const satisfies Partial<Record<SafetensorsDtype, TableDtype>>;
const MAPPING_DTYPES = ['I32', 'I64'] as const;
const WEIGHTS_DTYPES = ['F64', 'F32', 'F16', 'BF16'] as const;

/** Describes the tensors of a file that has no table under any of the names. */
function namesIn(tensors: Safetensors['tensors']): string {
  const names = [...tensors.keys()].slice(0, 10).map((name) => JSON.stringify(name.slice(0, 80)));
  return names.length === 0 ? 'no tensor at all' : names.join(', ') + (tensors.size > 10 ? ', …' : '');
}

/**
 * Allocates the table to fill; `undefined` lets the reader allocate it. A table with a `file` or `ranges` is not filled.
 *
 * @param openFile - absent if rows cannot be read from a file as needed
 * @param openRanges - absent if rows cannot be fetched as needed
 */
export type AllocateTable = (
  shape: TableShape,
  openFile?: () => TableFile,
  openRanges?: () => TableRanges,
) => EmbeddingTable | undefined;

/**
 * Finds the table of a file: the first of the names that exists, with `mapping` and `weights` if present.
 *
 * @throws {@link MalformedModelError} if a tensor is missing or has the wrong number of dimensions
 * @throws {@link UnsupportedModelError} if a tensor has a dtype that is not allowed for it
 * @throws {@link ModelMismatchError} if mapping and weights do not fit each other
 */
export function findTable(file: Safetensors, names: readonly string[]): TableParts {
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
  if (mapping) checkDtype(file, mapping, MAPPING_DTYPES);
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
  const shape = {
    dtype,
    rows,
    dim,
    ...(mapping && { mapping: mapping.size }),
    ...(weights && {
      weights: { dtype: weightsDtype === 'F64' ? 'float64' : 'float32', length: weights.size } as const,
    }),
  };
  return { file, shape, embeddings, ...(mapping && { mapping }), ...(weights && { weights }) };
}

/**
 * Reads a table into allocated memory; without that, as views of the file if it is in memory.
 *
 * @throws {@link ModelMismatchError} if mapping and weights do not fit the table, or elements are not finite
 */
export async function readTable(
  parts: TableParts,
  bytes: FileBytes,
  allocate?: AllocateTable,
): Promise<EmbeddingTable> {
  const { shape, embeddings } = parts;
  const perToken = await readPerToken(parts, bytes);
  // Allocated before anything is awaited: where a process may have one WebAssembly memory, the table must get it.
  const { tableFile } = platform;
  const given = allocate?.(
    shape,
    bytes.hold && tableFile && (() => tableFile(parts, bytes.hold!())),
    bytes.openRanges && (() => bytes.openRanges!(parts)),
  );
  if (bytes.whole && !given) {
    const data = bytes.whole.subarray(embeddings.start, embeddings.end);
    const table = tableOf(shape, data, perToken);
    if (platform.hasNonFinite(table.dtype, table.data)) throw await nonFinite(parts, table);
    return table;
  }
  const table = given ?? emptyTableFor(parts);
  if (perToken.mapping) table.mapping!.set(perToken.mapping);
  if (perToken.weights) table.weights!.set(perToken.weights);
  if (table.file || table.ranges) return table;
  if (!(await fillTable(table, embeddings.start, bytes))) throw await nonFinite(parts, table);
  return table;
}

/**
 * Reads the arrays with one element per token. They are small, so their errors are found before the table is read; most
 * models have neither.
 *
 * @throws {@link ModelMismatchError} if they do not fit the table or are not finite
 */
export async function readPerToken(
  { file, shape, mapping, weights }: TableParts,
  bytes: FileBytes,
): Promise<Pick<EmbeddingTable, 'mapping' | 'weights'>> {
  if (!mapping && !weights) return {};
  const { readMapping, readWeights } = await import('./token-tensors.js');
  return {
    ...(mapping && { mapping: await readMapping(file, mapping, bytes, shape.rows) }),
    ...(weights && { weights: await readWeights(file, weights, bytes) }),
  };
}

function emptyTableFor({ file, shape }: TableParts): EmbeddingTable {
  try {
    return emptyTable(shape);
  } catch (cause) {
    const { rows, dim, dtype } = shape;
    throw new UnsupportedModelError(
      `${file.file}: a table of ${rows} × ${dim} ${dtype} needs more memory than the platform gives`,
      { cause },
    );
  }
}

/**
 * Part to read while another is checked; a multiple of every element size. It is large because the thread that requests
 * parts is busy with the tokenizer for about 20 ms, in which 30 MB are read.
 */
const PART_BYTES = 32 << 20;

/**
 * Reads the elements of a table, and returns whether all are finite. If the platform has other threads, they read while
 * this one checks.
 */
async function fillTable(table: EmbeddingTable, position: number, bytes: FileBytes): Promise<boolean> {
  const { data } = table;
  const target = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const stretch = { start: position, end: position + target.length, partBytes: PART_BYTES };
  const elements = PART_BYTES / data.BYTES_PER_ELEMENT;
  let finite = true;
  await readParts(
    bytes,
    stretch,
    (part) => target.subarray(part * PART_BYTES, (part + 1) * PART_BYTES),
    (read, part) => {
      toMachineOrder(read, data.BYTES_PER_ELEMENT);
      finite &&= !platform.hasNonFinite(
        table.dtype,
        data.subarray(part * elements, (part + 1) * elements) as TableArrays[TableDtype],
      );
    },
  );
  return finite;
}

type TableTensorDtype = keyof typeof TABLE_DTYPES;

function tableOf(
  { dtype, rows, dim }: TableShape,
  bytes: Uint8Array,
  others: Pick<EmbeddingTable, 'mapping' | 'weights'>,
): EmbeddingTable {
  const parts = { rows, dim, ...others };
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

async function nonFinite(
  { file, embeddings }: TableParts,
  table: EmbeddingTable,
): Promise<ModelMismatchError> {
  const found = findNonFinite(table.dtype, table.data);
  return (await import('../elements/non-finite-error.js')).nonFiniteError(
    file,
    table,
    embeddings.name,
    found,
  );
}
