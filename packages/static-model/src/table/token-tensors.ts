import { widenBfloat16 } from '../elements/bfloat16.js';
import { findNonFinite } from '../elements/finite.js';
import { widenFloat16 } from '../elements/float16.js';
import { ModelMismatchError } from '../model-error.js';
import type { Safetensors, Tensor } from '../safetensors/tensor.js';
import { elementsOf } from '../safetensors/tensor-elements.js';
import type { FileBytes } from '../source/file-bytes.js';

/** Upper half of an int64 that fits its lower half. */
const NO_UPPER_HALF = 0;

/**
 * Reads the row of each token id. Each must be a row of the table: numpy would count a negative one from the end, which
 * is never intended, and would fail on a larger one only when the token occurs.
 */
export async function readMapping(
  file: Safetensors,
  tensor: Tensor,
  fileBytes: FileBytes,
  rows: number,
): Promise<Int32Array> {
  const bytes = await bytesOf(tensor, fileBytes);
  const mapping = tensor.dtype === 'I32' ? elementsOf(bytes, Int32Array) : new Int32Array(tensor.size);
  let count = 0;
  let first = -1;
  let found = '';
  if (tensor.dtype === 'I32') {
    for (let i = 0; i < mapping.length; i++) {
      const row = mapping[i]!;
      if ((row < 0 || row >= rows) && count++ === 0) {
        first = i;
        found = String(row);
      }
    }
  } else {
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

/** Reads the weight of each token id; all must be finite. */
export async function readWeights(
  file: Safetensors,
  tensor: Tensor,
  fileBytes: FileBytes,
): Promise<Float32Array | Float64Array> {
  const weights = widenedWeights(tensor, await bytesOf(tensor, fileBytes));
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

function widenedWeights({ dtype, size }: Tensor, bytes: Uint8Array): Float32Array | Float64Array {
  switch (dtype) {
    case 'F64':
      return elementsOf(bytes, Float64Array);
    case 'F32':
      return elementsOf(bytes, Float32Array);
    default: {
      const weights = new Float32Array(size);
      const widen = dtype === 'F16' ? widenFloat16 : widenBfloat16;
      widen(elementsOf(bytes, Uint16Array), weights);
      return weights;
    }
  }
}

async function bytesOf({ start, end }: Tensor, bytes: FileBytes): Promise<Uint8Array> {
  if (bytes.whole) return bytes.whole.subarray(start, end);
  const part = new Uint8Array(end - start);
  await bytes.read(part, start);
  return part;
}
