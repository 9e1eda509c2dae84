import type { TokenBatch } from '@model2vec-ts/tokenizer';

/** Removes one id from a batch; returns the batch itself if it does not contain the id. */
export function withoutId(batch: TokenBatch, id: number | null): TokenBatch {
  if (id === null || !batch.ids.includes(id)) return batch;
  const { offsets } = batch;
  const ids = new Uint32Array(batch.ids.length);
  const kept = new Uint32Array(offsets.length);
  let length = 0;
  for (let text = 0; text < offsets.length - 1; text++) {
    for (let i = offsets[text]!; i < offsets[text + 1]!; i++) {
      if (batch.ids[i] !== id) ids[length++] = batch.ids[i]!;
    }
    kept[text + 1] = length;
  }
  return { ids: ids.subarray(0, length), offsets: kept };
}
