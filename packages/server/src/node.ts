/**
 * Listens for requests in Node.
 * @module
 */
export { type ListenOptions, listen, type RunningServer } from './listen.js';
