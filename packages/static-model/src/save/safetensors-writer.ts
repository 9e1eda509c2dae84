import { UnsupportedModelError } from '../model-error.js';
import { littleEndianBytes } from '../safetensors/tensor-elements.js';
import type { EmbeddingTable, TableDtype } from '../table/embedding-table.js';
import { convertDtype } from './save-remedies.js';

/** The dtypes that the reference can read, by their safetensors name. */
const TENSOR_DTYPES: Readonly<Record<Exclude<TableDtype, 'bfloat16'>, string>> = {
  float64: 'F64',
  float32: 'F32',
  float16: 'F16',
  int8: 'I8',
};

/** The format allows any alignment; the reference pads its header to 8 bytes. */
const ALIGNMENT = 8;

interface TensorToWrite {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}

/**
 * Serialises a table as the reference's `model.safetensors`: `embeddings`, and `mapping` and `weights` if present.
 * Tensors with wider elements come first, so that each is aligned and can be read without a copy.
 *
 * @throws {@link UnsupportedModelError} for a bfloat16 table, because numpy has no such type
 */
export function safetensorsOf(table: EmbeddingTable): Uint8Array {
  const { dtype, rows, dim, data, mapping, weights } = table;
  if (dtype === 'bfloat16') {
    throw new UnsupportedModelError(
      'a bfloat16 table cannot be saved, because the reference cannot read it',
      convertDtype('float32'),
    );
  }
  const tensors: readonly TensorToWrite[] = [
    ...(weights
      ? [tensor('weights', weights instanceof Float64Array ? 'F64' : 'F32', [weights.length], weights)]
      : []),
    ...(mapping ? [tensor('mapping', 'I32', [mapping.length], mapping)] : []),
    tensor('embeddings', TENSOR_DTYPES[dtype], [rows, dim], data),
  ].sort((a, b) => widthOf(b) - widthOf(a));
  return fileOf(tensors);
}

function tensor(
  name: string,
  dtype: string,
  shape: readonly number[],
  elements: ArrayBufferView & { readonly BYTES_PER_ELEMENT: number },
): TensorToWrite {
  return { name, dtype, shape, bytes: littleEndianBytes(elements) };
}

function widthOf({ shape, bytes }: TensorToWrite): number {
  return bytes.length / shape.reduce((size, extent) => size * extent, 1);
}

function fileOf(tensors: readonly TensorToWrite[]): Uint8Array {
  const entries: Record<string, unknown> = {};
  let end = 0;
  for (const { name, dtype, shape, bytes } of tensors) {
    entries[name] = { dtype, shape, data_offsets: [end, end + bytes.length] };
    end += bytes.length;
  }
  const text = JSON.stringify(entries);
  const header = new TextEncoder().encode(text.padEnd(Math.ceil(text.length / ALIGNMENT) * ALIGNMENT));
  const file = new Uint8Array(8 + header.length + end);
  new DataView(file.buffer).setBigUint64(0, BigInt(header.length), true);
  file.set(header, 8);
  let position = 8 + header.length;
  for (const { bytes } of tensors) {
    file.set(bytes, position);
    position += bytes.length;
  }
  return file;
}
