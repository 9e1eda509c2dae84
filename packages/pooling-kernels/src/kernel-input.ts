import type { EmbeddingTable } from '@model2vec-ts/static-model';
import type { TokenBatch } from '@model2vec-ts/tokenizer';
import { KernelError, TokenIdError } from './kernel-error.js';

/**
 * Checks that a table's parts fit each other, so that a kernel's loops need not.
 *
 * @returns one more than the largest token id that the table takes
 * @throws {@link KernelError} `invalid-table`
 */
export function checkTable(table: EmbeddingTable): number {
  const { rows, dim, data, mapping, weights } = table;
  if (data.length !== rows * dim) {
    throw new KernelError(
      'invalid-table',
      `the table has ${data.length} values, but ${rows} rows × ${dim} dimensions need ${rows * dim}`,
    );
  }
  if (mapping !== undefined) {
    for (let id = 0; id < mapping.length; id++) {
      const row = mapping[id]!;
      if (row < 0 || row >= rows) {
        throw new KernelError(
          'invalid-table',
          `the mapping sends token id ${id} to row ${row}, but the table has ${rows} rows`,
        );
      }
    }
  }
  const limit = mapping?.length ?? rows;
  return weights === undefined ? limit : Math.min(limit, weights.length);
}

/**
 * Checks one call of a kernel before it writes anything.
 *
 * @param idLimit - what {@link checkTable} returned
 * @returns the number of texts
 * @throws {@link KernelError} `invalid-batch` or `output-too-small`, {@link TokenIdError}
 */
export function checkBatch(batch: TokenBatch, out: Float32Array, dim: number, idLimit: number): number {
  const { ids, offsets } = batch;
  const texts = offsets.length - 1;
  if (texts < 0 || offsets[0] !== 0 || offsets[texts]! > ids.length) {
    throw new KernelError(
      'invalid-batch',
      `offsets must go from 0 to at most ${ids.length}, the number of ids; ` +
        `found ${offsets.length} offsets from ${offsets[0]} to ${offsets[texts]}`,
    );
  }
  if (out.length < texts * dim) {
    throw new KernelError(
      'output-too-small',
      `${texts} texts × ${dim} dimensions need ${texts * dim} values of output; found ${out.length}`,
    );
  }
  for (let text = 0; text < texts; text++) {
    const end = offsets[text + 1]!;
    let at = offsets[text]!;
    if (at > end) {
      throw new KernelError(
        'invalid-batch',
        `offsets must not descend; offset ${text} is ${at} and the next ${end}`,
      );
    }
    for (; at < end; at++) {
      const id = ids[at]!;
      if (id >= idLimit) throw new TokenIdError(text, id, idLimit);
    }
  }
  return texts;
}
