import { loadSharedTable } from '@model2vec-ts/pooling-kernels';
import { loadTokenizerLazily } from '@model2vec-ts/tokenizer/lazy';
import { BatchEncoder } from '../batch-encoder.js';
import type { EncoderParts, ThreadAnswer, ThreadRequest } from './thread-message.js';

/** The messages of a worker, in Node and on the web. */
export interface WorkerScope {
  onmessage: ((event: { readonly data: ThreadRequest }) => void) | null;
  postMessage(answer: ThreadAnswer, transfer: ArrayBuffer[]): void;
}

/** Answers the requests of the calling thread in order. A failure to load ends the worker. */
export function serveEncoder(scope: WorkerScope): void {
  let turn: Promise<void> = Promise.resolve();
  let encoder: BatchEncoder | undefined;
  const answer = async (request: ThreadRequest): Promise<void> => {
    if (request.type === 'load') {
      encoder = await load(request.parts);
      scope.postMessage({ type: 'loaded' }, []);
      return;
    }
    const { id, texts, settings, memory } = request;
    try {
      if (ArrayBuffer.isView(memory)) {
        await encoder!.encode(texts, settings, memory, 0);
        scope.postMessage({ type: 'encoded', id }, []);
        return;
      }
      const size = texts.length * encoder!.dim;
      const values =
        memory !== undefined && memory.byteLength >= 4 * size
          ? new Float32Array(memory, 0, size)
          : new Float32Array(size);
      await encoder!.encode(texts, settings, values, 0);
      scope.postMessage({ type: 'encoded', id, values }, [values.buffer]);
    } catch {
      scope.postMessage({ type: 'failed', id }, []);
    }
  };
  scope.onmessage = ({ data }) => {
    turn = turn.then(() => answer(data));
    // An unhandled rejection is an error of the worker, which the calling thread receives.
    void turn;
  };
}

async function load({ table, capabilities, dim, tokenizerJson }: EncoderParts): Promise<BatchEncoder> {
  const kernel = await loadSharedTable(table);
  return BatchEncoder.create(
    await loadTokenizerLazily(tokenizerJson, { path: 'fast' }),
    kernel,
    capabilities,
    dim,
  );
}
