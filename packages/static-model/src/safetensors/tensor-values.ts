import { widenBfloat16 } from '../elements/bfloat16.js';
import { widenFloat16 } from '../elements/float16.js';
import { UnsupportedModelError } from '../model-error.js';
import type { Safetensors, Tensor } from './tensor.js';
import { elementsOf } from './tensor-elements.js';

/**
 * The values of a floating-point tensor as float32: a view of the file if possible, else a copy.
 *
 * @param bytes - the whole file
 * @throws {@link UnsupportedModelError} for any dtype other than F64, F32, F16 and BF16
 *
 * @example
 * ```ts
 * import { parseSafetensors, widenTensor } from '@model2vec-ts/static-model/safetensors';
 *
 * const file = 'model.safetensors';
 * const response = await fetch(`https://example.com/models/my-model/${file}`);
 * const bytes = new Uint8Array(await response.arrayBuffer());
 *
 * const header = parseSafetensors(bytes, file);
 * const tensor = header.tensors.get('embeddings');
 * if (tensor !== undefined) console.log(widenTensor(bytes, header, tensor).subarray(0, 3));
 * ```
 */
export function widenTensor(
  bytes: Uint8Array,
  { file }: Pick<Safetensors, 'file'>,
  tensor: Tensor,
): Float32Array {
  const { name, dtype, size, start, end } = tensor;
  const own = bytes.subarray(start, end);
  const values = new Float32Array(dtype === 'F32' ? 0 : size);
  switch (dtype) {
    case 'F32':
      return elementsOf(own, Float32Array);
    case 'F64':
      values.set(elementsOf(own, Float64Array));
      return values;
    case 'F16':
      widenFloat16(elementsOf(own, Uint16Array), values);
      return values;
    case 'BF16':
      widenBfloat16(elementsOf(own, Uint16Array), values);
      return values;
    default:
      throw new UnsupportedModelError(
        `${file}: tensor ${JSON.stringify(name)} has the dtype ${dtype}; F64, F32, F16 and BF16 are supported`,
      );
  }
}
