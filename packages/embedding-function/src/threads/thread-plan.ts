import type { LoadedKernel } from '@model2vec-ts/pooling-kernels';
import { host } from '#threads/host';
import { invalidArgument } from '../embedding-function-error.js';

/** Threads that `auto` takes at most: each has a tokenizer of its own, and memory bounds the work of a few already. */
const MOST_BY_DEFAULT = 8;
/** Each thread reserves addresses beside the table. */
const MOST = 64;

/** How many threads a model is loaded for. */
export interface ThreadPlan {
  /** The calling thread included. */
  readonly threads: number;
  /** Why that is less than what was asked for. */
  readonly limit: string | undefined;
  /** Whether threads are started for the first call that they can help with, and not only where it is worth the start. */
  readonly eager: boolean;
}

/** @throws `invalid-argument` */
export function threadPlan(asked: 'auto' | number = 'auto'): ThreadPlan {
  if (asked !== 'auto' && !(Number.isInteger(asked) && asked >= 1 && asked <= MOST)) {
    throw invalidArgument('threads', `'auto' or a whole number from 1 to ${MOST}`, asked);
  }
  if (asked === 1) return { threads: 1, limit: undefined, eager: false };
  const limit = host.missing();
  if (limit !== undefined) return { threads: 1, limit, eager: false };
  if (asked !== 'auto') return { threads: asked, limit: undefined, eager: true };
  return { threads: Math.min(host.cores(), MOST_BY_DEFAULT), limit: undefined, eager: false };
}

/** The plan once the kernel is known: one that does not share its table stays on the calling thread. */
export function planFor(plan: ThreadPlan, kernelName: string, kernel: LoadedKernel): ThreadPlan {
  if (plan.threads === 1 || kernel.share !== undefined) return plan;
  return { ...plan, threads: 1, limit: `kernel ${kernelName} does not share its table with other threads` };
}
