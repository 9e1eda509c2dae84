import { parentPort } from 'node:worker_threads';
import { serveEncoder } from '../encoder-thread.js';

// Only ever started as a worker, which has a parent.
serveEncoder(parentPort as NonNullable<typeof parentPort> & Parameters<typeof serveEncoder>[0]);
