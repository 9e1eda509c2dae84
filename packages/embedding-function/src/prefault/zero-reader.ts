import { host } from '../threads/node/host.js';
import type { Prefault, StartPrefault } from './prefault.js';

// Importing node:fs would also load streams, which costs more than this package.
const { close, openSync, read } = process.getBuiltinModule('node:fs');

/** Sizes in bytes, multiples of a page. */
export interface PrefaultSizes {
  /** The allocator may reuse smaller memory (`M_MMAP_THRESHOLD` at its highest), whose pages are then already mapped. */
  readonly least: number;
  /** Bytes per read: more than is written between two turns of the event loop, in which its completion is noticed. */
  readonly step: number;
  /** Bytes left to the writer, which would reach them first. */
  readonly headStart: number;
}

const SIZES: PrefaultSizes = { least: 32 << 20, step: 16 << 20, headStart: 8 << 20 };
/** Limit on reads ahead of the writer, in steps, since it may stop early. */
const MOST_STEPS_AHEAD = 2;
/** Longest wait for a read, in milliseconds; each one takes about 8. */
const PATIENCE = 100;
const ZEROS = '/dev/zero';

/**
 * Maps pages by reading zeros into the memory. Node's file threads do the reading; they are the only other threads that
 * can write to this thread's arrays.
 */
class ZeroReader implements Prefault {
  readonly #descriptor: number;
  readonly #memory: Uint8Array;
  readonly #step: number;
  /** Bytes from the start that were read or will never be read. */
  #reached: number;
  /** Bytes that the writer requested. */
  #wanted = 0;
  #state: 'idle' | 'reading' | 'closed' = 'idle';
  #isStopped = false;
  #onRead: (() => void) | undefined;

  constructor(descriptor: number, memory: Uint8Array, { step, headStart }: PrefaultSizes) {
    this.#descriptor = descriptor;
    this.#memory = memory;
    this.#step = step;
    this.#reached = headStart;
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
    if (start > this.#wanted + MOST_STEPS_AHEAD * this.#step) return;
    this.#state = 'reading';
    read(
      this.#descriptor,
      memory,
      start,
      Math.min(this.#step, memory.length - start),
      null,
      (error, count) => {
        this.#state = 'idle';
        // On failure the writer continues without reads.
        this.#reached = error === null && count > 0 ? start + count : memory.length;
        this.#readOn();
        this.#onRead?.();
      },
    );
  }

  /** Whether a read finishes before the timeout. */
  #nextRead(): Promise<boolean> {
    return new Promise((resolve) => {
      // Reads that finished while this thread was busy are reported after timers and before immediates.
      const timer = setTimeout(() => setImmediate(resolve, false), PATIENCE);
      this.#onRead = () => {
        clearTimeout(timer);
        resolve(true);
      };
    });
  }
}

/** For Node on systems with a file of zeros. */
export const startPrefault: StartPrefault = prefaultStarter(SIZES);

/** Makes a start with other sizes, so that tests need little memory. */
export function prefaultStarter(sizes: PrefaultSizes): StartPrefault {
  return (memory) => {
    if (memory.byteLength < sizes.least || process.platform === 'win32' || host.cores() === 1)
      return undefined;
    let descriptor: number;
    try {
      descriptor = openSync(ZEROS, 'r');
    } catch {
      // The file may be missing or forbidden.
      return undefined;
    }
    const bytes = new Uint8Array(memory.buffer, memory.byteOffset, memory.byteLength);
    return new ZeroReader(descriptor, bytes, sizes);
  };
}
