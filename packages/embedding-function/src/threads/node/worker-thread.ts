import { Worker } from 'node:worker_threads';
import type { ThreadEvents, ThreadPlatform, WorkerThread } from '../worker-thread.js';

/**
 * Size of the young heap, which would grow to 48 MB per thread before garbage is collected. Strings arrive and are
 * dropped at once, so little is enough.
 */
const YOUNG_MEGABYTES = 3;

function start({ onAnswer, onEnd }: ThreadEvents): WorkerThread {
  const worker = new Worker(new URL('./worker.js', import.meta.url), {
    name: 'model2vec',
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MEGABYTES },
  });
  // A program that does not close the embedder still ends.
  worker.unref();
  let cause: unknown;
  let isStopped = false;
  worker.on('message', onAnswer);
  worker.on('error', (error) => {
    cause = error;
  });
  worker.on('exit', (code) => {
    if (!isStopped) onEnd(cause ?? `it exited with code ${code}`);
  });
  return {
    post: (request, transfer) => worker.postMessage(request, transfer),
    hold: () => worker.ref(),
    release: () => worker.unref(),
    async stop() {
      isStopped = true;
      await worker.terminate();
    },
  };
}

/** Node, and platforms with Node's modules. */
export const platform: ThreadPlatform = {
  start,
  laterTask: () => new Promise((resolve) => setImmediate(resolve)),
  warn: (message) => process.emitWarning(message, 'Model2VecWarning'),
};
