import { Worker } from 'node:worker_threads';
import type { ThreadEvents, ThreadPlatform, WorkerThread } from '../worker-thread.js';

/**
 * The heap of short-lived objects, which else grows to 48 MB on each thread before garbage is collected: strings come
 * in and are done with at once.
 */
const YOUNG_MEGABYTES = 3;

function start({ onAnswer, onEnd }: ThreadEvents): WorkerThread {
  const worker = new Worker(new URL('./worker.js', import.meta.url), {
    name: 'model2vec',
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MEGABYTES },
  });
  // Waits for nobody: a program that forgets to close ends all the same.
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

/** Node, and the platforms that have its modules. */
export const platform: ThreadPlatform = {
  start,
  laterTask: () => new Promise((resolve) => setImmediate(resolve)),
  warn: (message) => process.emitWarning(message, 'Model2VecWarning'),
};
