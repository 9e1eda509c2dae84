import type { TokenSink } from '../token-batch.js';

/** Appends one id. A full sink grows to twice its size, so that n ids cost n steps. */
export function appendId(sink: TokenSink, id: number): void {
  if (sink.length === sink.ids.length) sink.grow(sink.length * 2 + 16);
  sink.ids[sink.length++] = id;
}
