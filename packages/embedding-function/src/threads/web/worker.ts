import { serveEncoder, type WorkerScope } from '../encoder-thread.js';

// The types here are a page's, whose postMessage differs.
serveEncoder(globalThis as unknown as WorkerScope);
