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
  const texts = checkOffsets(batch, out, dim);
  checkIds(batch, idLimit);
  return texts;
}

/** What {@link checkBatch} checks and {@link checkIds} does not. */
export function checkOffsets({ ids, offsets }: TokenBatch, out: Float32Array, dim: number): number {
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
    if (offsets[text]! > offsets[text + 1]!) {
      throw new KernelError(
        'invalid-batch',
        `offsets must not descend; offset ${text} is ${offsets[text]} and the next ${offsets[text + 1]}`,
      );
    }
  }
  return texts;
}

/** Checks the ids of a batch whose offsets were checked. */
export function checkIds({ ids, offsets }: TokenBatch, idLimit: number): void {
  const count = offsets[offsets.length - 1]!;
  for (let at = 0; at < count; at++) {
    if (ids[at]! >= idLimit) throw unknownId({ ids, offsets }, at, idLimit);
  }
}

/** The error for the id at a position of a batch. */
export function unknownId({ ids, offsets }: TokenBatch, at: number, idLimit: number): TokenIdError {
  const text = offsets.findIndex((_, i) => offsets[i + 1]! > at);
  return new TokenIdError(text, ids[at]!, idLimit);
}
