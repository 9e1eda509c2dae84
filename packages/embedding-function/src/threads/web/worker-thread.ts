import type { ThreadPlatform } from '../worker-thread.js';
import { webThreads } from './web-threads.js';

/** For browsers and every other platform without Node's modules. */
export const platform: ThreadPlatform = webThreads(
  // Bundlers recognise a worker by this form.
  () => new Worker(new URL('./worker.js', import.meta.url), { type: 'module' }),
);
