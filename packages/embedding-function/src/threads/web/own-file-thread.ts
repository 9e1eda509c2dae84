import type { ThreadPlatform } from '../worker-thread.js';
import { webThreads } from './web-threads.js';

/** Name of the workers that run the file of the page. */
export const THREAD_NAME = '@model2vec-ts/embedding-function';

let address: string | undefined;

/** For `browser.ts`, whose workers run the same file. */
export const platform: ThreadPlatform = webThreads(() => {
  address ??= workerAddress(import.meta.url);
  return new Worker(address, { type: 'module', name: THREAD_NAME });
});

/** A page may start workers of its own origin only, but those may import from any. */
function workerAddress(file: string): string {
  if (new URL(file).origin === globalThis.origin) return file;
  const code = new Blob([`import ${JSON.stringify(file)}`], { type: 'text/javascript' });
  return URL.createObjectURL(code);
}
