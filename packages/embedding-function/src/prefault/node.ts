import { host } from '../threads/node/host.js';
import type { Prefault, StartPrefault } from './prefault.js';

// Not imported: a module's exports are all read for that, which loads streams, and takes longer than all of this package.
const { close, openSync, read } = process.getBuiltinModule('node:fs');

/** Less memory than this may have been used before, by the allocator's own rule (`M_MMAP_THRESHOLD` at its highest). */
const LEAST_BYTES = 32 << 20;
/** So much is read at a time: more than is written between two turns of the event loop, which notice that it is there. */
const STEP = 16 << 20;
/** Left to the writer, who would be there first. */
const HEAD_START = 8 << 20;
/** Reads begin at most so far ahead of the writer, who may never come to the end. */
const MOST_AHEAD = 2 * STEP;
/** Longest wait for a read, in milliseconds, of which each takes some 8. */
const PATIENCE = 100;
const ZEROS = '/dev/zero';

/**
 * Reads zeros into the memory: it is one of Node's threads for files that writes them, the only ones that write to an
 * array which belongs to this thread alone.
 */
class ZeroReader implements Prefault {
  readonly #descriptor: number;
  readonly #memory: Uint8Array;
  /** Bytes from the start that are read, or that nobody will read. */
  #reached = HEAD_START;
  /** Bytes that the writer has asked for. */
  #wanted = 0;
  #state: 'idle' | 'reading' | 'closed' = 'idle';
  #isStopped = false;
  #onRead: (() => void) | undefined;

  constructor(descriptor: number, memory: Uint8Array) {
    this.#descriptor = descriptor;
    this.#memory = memory;
    this.#readOn();
  }

  async reach(end: number): Promise<boolean> {
    this.#wanted = end * Float32Array.BYTES_PER_ELEMENT;
    this.#readOn();
    while (this.#reached < this.#wanted) if (!(await this.#nextRead())) return false;
    return true;
  }

  stop(): void {
    this.#isStopped = true;
    this.#readOn();
  }

  #readOn(): void {
    if (this.#state !== 'idle') return;
    const memory = this.#memory;
    const start = this.#reached;
    if (this.#isStopped || start >= memory.length) {
      this.#state = 'closed';
      close(this.#descriptor);
      return;
    }
    if (start > this.#wanted + MOST_AHEAD) return;
    this.#state = 'reading';
    read(this.#descriptor, memory, start, Math.min(STEP, memory.length - start), null, (error, count) => {
      this.#state = 'idle';
      // The writer can do without.
      this.#reached = error === null && count > 0 ? start + count : memory.length;
      this.#readOn();
      this.#onRead?.();
    });
  }

  /** Whether a read is done before patience is at its end. */
  #nextRead(): Promise<boolean> {
    return new Promise((resolve) => {
      // Reads that were done while this thread was busy are told after timers and before what comes immediately.
      const timer = setTimeout(() => setImmediate(resolve, false), PATIENCE);
      this.#onRead = () => {
        clearTimeout(timer);
        resolve(true);
      };
    });
  }
}

/** Node on systems that have a file of zeros. */
export const startPrefault: StartPrefault = (memory) => {
  if (memory.byteLength < LEAST_BYTES || process.platform === 'win32' || host.cores() === 1) return undefined;
  let descriptor: number;
  try {
    descriptor = openSync(ZEROS, 'r');
  } catch {
    // It may be missing, or not be allowed.
    return undefined;
  }
  return new ZeroReader(descriptor, new Uint8Array(memory.buffer, memory.byteOffset, memory.byteLength));
};
