import { serveEncoder, type WorkerScope } from '../encoder-thread.js';

// The types are those of a page, whose postMessage differs.
serveEncoder(globalThis as unknown as WorkerScope);
