import { Worker } from 'node:worker_threads';
import { DistillError } from '../distill-error.js';
import { MEMORY_FLAGS, MODULE } from './module.generated.js';

/** Arguments of the exports of `assembly/index.ts`: addresses and numbers. */
export type AlgebraCall = readonly [
  name:
    | 'addProducts'
    | 'addSquares'
    | 'widen'
    | 'transposeWiden'
    | 'poolWide'
    | 'blockStep'
    | 'blockResidual'
    | 'blockSquares'
    | 'blockScale'
    | 'blockStart'
    | 'blockDots'
    | 'blockMove'
    | 'blockDirection',
  ...args: readonly number[],
];

const PAGE_BYTES = 65_536;
/** Limit of 32-bit addresses. */
const MAX_PAGES = 65_536;

/** A thread that only calls the module: all data is in the shared memory. */
const WORKER = `
const { parentPort, workerData } = require('node:worker_threads');
const { exports } = new WebAssembly.Instance(workerData.module, { env: { memory: workerData.memory } });
parentPort.on('message', (calls) => {
  for (const [name, ...args] of calls) exports[name](...args);
  parentPort.postMessage(undefined);
});
`;

/** One thread, which executes calls in order. */
export interface AlgebraLane {
  readonly index: number;
  run(calls: readonly AlgebraCall[]): Promise<void>;
}

/** Threads that compute on one shared memory. */
export class AlgebraThreads {
  readonly lanes: readonly AlgebraLane[];
  readonly #memory: WebAssembly.Memory;
  readonly #workers: readonly Worker[];
  #top = 16;

  private constructor(memory: WebAssembly.Memory, workers: readonly Worker[]) {
    this.#memory = memory;
    this.#workers = workers;
    this.lanes = workers.map((worker, index) => ({ index, run: (calls) => call(worker, calls) }));
  }

  static async start(threads: number): Promise<AlgebraThreads> {
    const bytes = Uint8Array.from(MODULE, (character) => character.charCodeAt(0) - 32);
    bytes[MEMORY_FLAGS] = 3;
    const module = await WebAssembly.compile(bytes);
    const memory = new WebAssembly.Memory({ initial: 1, maximum: MAX_PAGES, shared: true });
    const workers = Array.from(
      { length: threads },
      () => new Worker(WORKER, { eval: true, name: 'model2vec-distill', workerData: { module, memory } }),
    );
    // Lets a program end that forgets to close.
    for (const worker of workers) worker.unref();
    return new AlgebraThreads(memory, workers);
  }

  /** Allocates memory, filled with zeros if it is new. */
  alloc(bytes: number): number {
    const address = this.#top;
    const top = address + Math.ceil(bytes / 16) * 16;
    const pages = Math.ceil(top / PAGE_BYTES) - this.#memory.buffer.byteLength / PAGE_BYTES;
    if (top > MAX_PAGES * PAGE_BYTES) throw outOfMemory(top);
    if (pages > 0) {
      try {
        this.#memory.grow(pages);
      } catch {
        throw outOfMemory(top);
      }
    }
    this.#top = top;
    return address;
  }

  /** The next address that {@link AlgebraThreads.alloc} returns. */
  get mark(): number {
    return this.#top;
  }

  /** Frees all memory allocated since a mark. */
  release(mark: number): void {
    this.#top = mark;
  }

  /** A view of the memory; create it anew after each {@link AlgebraThreads.alloc}, which may grow the memory. */
  f32(address: number, length: number): Float32Array {
    return new Float32Array(this.#memory.buffer, address, length);
  }

  f64(address: number, length: number): Float64Array {
    return new Float64Array(this.#memory.buffer, address, length);
  }

  u32(address: number, length: number): Uint32Array {
    return new Uint32Array(this.#memory.buffer, address, length);
  }

  /** Executes calls on every thread at once. */
  async each(calls: (lane: number, lanes: number) => readonly AlgebraCall[]): Promise<void> {
    await Promise.all(this.lanes.map((lane) => lane.run(calls(lane.index, this.lanes.length))));
  }

  /** Executes tasks `0` to `count - 1`, one at a time on each thread. */
  async queue(count: number, task: (index: number, lane: AlgebraLane) => Promise<void>): Promise<void> {
    let next = 0;
    await Promise.all(
      this.lanes.map(async (lane) => {
        while (next < count) await task(next++, lane);
      }),
    );
  }

  async close(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }
}

function call(worker: Worker, calls: readonly AlgebraCall[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (error?: unknown): void => {
      worker.unref();
      worker.off('message', done).off('error', settle).off('exit', ended);
      if (error === undefined) resolve();
      else reject(new DistillError('worker-failed', `a thread failed: ${String(error)}`, { cause: error }));
    };
    const done = (): void => settle();
    const ended = (code: number): void => settle(new Error(`it exited with code ${code}`));
    worker.on('message', done).on('error', settle).on('exit', ended);
    worker.ref();
    worker.postMessage(calls);
  });
}

function outOfMemory(bytes: number): DistillError {
  return new DistillError(
    'too-many-texts',
    `the texts need ${(bytes / 2 ** 30).toFixed(1)} GiB of memory at once; at most 4 GiB can be used`,
    { remedy: { code: 'reduce-texts' } },
  );
}
