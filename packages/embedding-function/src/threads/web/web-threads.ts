import type { ThreadEvents, ThreadPlatform, WorkerThread } from '../worker-thread.js';

function start(worker: Worker, { onAnswer, onEnd }: ThreadEvents): WorkerThread {
  let hasEnded = false;
  const end = (cause: unknown): void => {
    if (hasEnded) return;
    hasEnded = true;
    worker.terminate();
    onEnd(cause);
  };
  worker.onmessage = ({ data }) => onAnswer(data);
  worker.onerror = (event) => {
    event.preventDefault();
    end(event.message || 'its script could not be loaded');
  };
  return {
    post: (request, transfer) => worker.postMessage(request, transfer),
    hold: () => undefined,
    release: () => undefined,
    async stop() {
      hasEnded = true;
      worker.terminate();
    },
  };
}

/** Threads that are Web Workers. */
export function webThreads(newWorker: () => Worker): ThreadPlatform {
  return {
    start: (events) => start(newWorker(), events),
    laterTask: () =>
      new Promise((resolve) => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => {
          port1.close();
          resolve();
        };
        port2.postMessage(null);
      }),
    // biome-ignore lint/suspicious/noConsole: a page has no other place for it
    warn: (message) => console.warn(message),
  };
}
