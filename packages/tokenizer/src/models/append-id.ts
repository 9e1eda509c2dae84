import type { TokenSink } from '../token-batch.js';

/** Appends one id. Asks for twice the memory when it is full, so that n ids cost n steps. */
export function appendId(sink: TokenSink, id: number): void {
  if (sink.length === sink.ids.length) sink.grow(sink.length * 2 + 16);
  sink.ids[sink.length++] = id;
}
