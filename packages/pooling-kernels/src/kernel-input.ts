import type { EmbeddingTable } from '@model2vec-ts/static-model';
import type { TokenBatch } from '@model2vec-ts/tokenizer';
import { KernelError, TokenIdError } from './kernel-error.js';

/**
 * Checks that the parts of a table fit each other, so that kernel loops need no checks.
 *
 * @returns largest token id of the table + 1
 * @throws {@link KernelError} `invalid-table`
 *
 * @example
 * ```ts
 * import { checkTable } from '@model2vec-ts/pooling-kernels';
 *
 * const table = { dtype: 'float32', rows: 2, dim: 2, data: Float32Array.of(1, 2, 3, 4) } as const;
 * console.log(checkTable(table)); // 2: the ids 0 and 1 have rows
 * ```
 */
export function checkTable(table: EmbeddingTable): number {
  const { rows, dim, data, mapping, weights } = table;
  if (data.length !== rows * dim) {
    throw new KernelError(
      'invalid-table',
      `a table of ${rows} rows × ${dim} dimensions needs ${rows * dim} values; found ${data.length}`,
    );
  }
  if (mapping !== undefined) {
    for (let id = 0; id < mapping.length; id++) {
      const row = mapping[id]!;
      if (row < 0 || row >= rows) {
        throw new KernelError('invalid-table', `the mapping gives token id ${id} row ${row} of ${rows}`);
      }
    }
  }
  const limit = mapping?.length ?? rows;
  return weights === undefined ? limit : Math.min(limit, weights.length);
}

/**
 * Checks the arguments of a call before a kernel writes anything.
 *
 * @param idLimit - the result of {@link checkTable}
 * @returns the number of texts
 * @throws {@link KernelError} `invalid-batch` or `output-too-small`, {@link TokenIdError}
 *
 * @example
 * ```ts
 * import { checkBatch } from '@model2vec-ts/pooling-kernels';
 *
 * const batch = { ids: Uint32Array.of(0, 1, 1), offsets: Uint32Array.of(0, 2, 3) };
 * const out = new Float32Array(4);
 * console.log(checkBatch(batch, out, 2, 2)); // 2 texts, of two tokens and of one
 * checkBatch(batch, out, 2, 1); // throws TokenIdError: id 1 has no row
 * ```
 */
export function checkBatch(batch: TokenBatch, out: Float32Array, dim: number, idLimit: number): number {
  const texts = checkOffsets(batch, out, dim);
  checkIds(batch, idLimit);
  return texts;
}

/** The checks of {@link checkBatch} without those of {@link checkIds}. */
export function checkOffsets({ ids, offsets }: TokenBatch, out: Float32Array, dim: number): number {
  const texts = offsets.length - 1;
  if (texts < 0 || offsets[0] !== 0 || offsets[texts]! > ids.length) {
    throw wrongOffsets(ids, `${offsets.length} offsets from ${offsets[0]} to ${offsets[texts]}`);
  }
  if (out.length < texts * dim) {
    throw new KernelError(
      'output-too-small',
      `the output of ${texts} texts × ${dim} dimensions needs ${texts * dim} values; found ${out.length}`,
    );
  }
  for (let text = 0; text < texts; text++) {
    if (offsets[text]! > offsets[text + 1]!) {
      throw wrongOffsets(ids, `${offsets[text + 1]} after ${offsets[text]}`);
    }
  }
  return texts;
}

function wrongOffsets(ids: Uint32Array, found: string): KernelError {
  return new KernelError(
    'invalid-batch',
    `offsets must rise from 0 to at most ${ids.length}, the number of ids; found ${found}`,
  );
}

/** Checks the ids of a batch after its offsets. */
export function checkIds({ ids, offsets }: TokenBatch, idLimit: number): void {
  const count = offsets[offsets.length - 1]!;
  for (let at = 0; at < count; at++) {
    if (ids[at]! >= idLimit) throw unknownId({ ids, offsets }, at, idLimit);
  }
}

/** Makes the error of the id at a position of a batch. */
export function unknownId({ ids, offsets }: TokenBatch, at: number, idLimit: number): TokenIdError {
  const text = offsets.findIndex((_, i) => offsets[i + 1]! > at);
  return new TokenIdError(text, ids[at]!, idLimit);
}
