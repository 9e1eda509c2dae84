import { parentPort } from 'node:worker_threads';
import { serveEncoder } from '../encoder-thread.js';

// Always started as a worker, which has a parent port.
serveEncoder(parentPort as NonNullable<typeof parentPort> & Parameters<typeof serveEncoder>[0]);
