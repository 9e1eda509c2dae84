/**
 * Everything in one file without imports, for pages without a bundler. `scripts/bundle-browser-file.mjs` makes it.
 * @module
 */
import { serveEncoder, type WorkerScope } from './threads/encoder-thread.js';
import { THREAD_NAME } from './threads/web/own-file-thread.js';

export * from './index.js';

const scope = globalThis as { readonly name?: unknown; readonly document?: unknown };
if (scope.name === THREAD_NAME && scope.document === undefined) {
  // The types are those of a page, whose postMessage differs.
  serveEncoder(scope as unknown as WorkerScope);
}
