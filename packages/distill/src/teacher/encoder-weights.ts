import { type Safetensors, type Tensor, widenTensor } from '@model2vec-ts/static-model/safetensors';
import { DistillError } from '../distill-error.js';

/** A matrix or vector of an encoder, row-major. */
export interface Weight {
  readonly data: Float32Array;
  readonly shape: readonly number[];
}

/** The tensors of a checkpoint by name, without the prefix of task-specific classes. */
export class EncoderWeights {
  readonly #bytes: Uint8Array;
  readonly #file: Safetensors;
  readonly #tensors: ReadonlyMap<string, Tensor>;

  constructor(bytes: Uint8Array, file: Safetensors, prefixes: readonly string[]) {
    this.#bytes = bytes;
    this.#file = file;
    this.#tensors = new Map(
      Array.from(file.tensors.values(), (tensor) => {
        const prefix = prefixes.find((each) => tensor.name.startsWith(each)) ?? '';
        return [tensor.name.slice(prefix.length), tensor];
      }),
    );
  }

  has(name: string): boolean {
    return this.#tensors.has(name);
  }

  get(name: string): Weight {
    const tensor = this.#tensors.get(name);
    if (tensor === undefined) {
      throw new DistillError(
        'malformed-teacher',
        `${this.#file.file} has no tensor ${JSON.stringify(name)}, which its config.json implies`,
      );
    }
    return { data: widenTensor(this.#bytes, this.#file, tensor), shape: tensor.shape };
  }

  /** The transposed matrix, because PyTorch stores it the other way round. */
  transposed(name: string): Weight {
    const { data, shape } = this.get(name);
    const [rows, columns] = shape as [number, number];
    const turned = new Float32Array(data.length);
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++)
        turned[column * rows + row] = data[row * columns + column]!;
    }
    return { data: turned, shape: [columns, rows] };
  }
}

/** Concatenates matrices of the same height side by side. */
export function sideBySide(parts: readonly Weight[]): Weight {
  const height = parts[0]!.shape[0]!;
  const width = parts.reduce((sum, { shape }) => sum + shape[1]!, 0);
  const data = new Float32Array(height * width);
  let at = 0;
  for (const part of parts) {
    const own = part.shape[1]!;
    for (let row = 0; row < height; row++) {
      data.set(part.data.subarray(row * own, (row + 1) * own), row * width + at);
    }
    at += own;
  }
  return { data, shape: [height, width] };
}

/** Concatenates vectors. */
export function endToEnd(parts: readonly Weight[]): Weight {
  const data = new Float32Array(parts.reduce((sum, part) => sum + part.data.length, 0));
  let at = 0;
  for (const part of parts) {
    data.set(part.data, at);
    at += part.data.length;
  }
  return { data, shape: [data.length] };
}
