import type { LoadedKernel } from '@model2vec-ts/pooling-kernels';
import { host } from '#threads/host';
import { invalidArgument } from '../embedding-function-error.js';
import type { ThreadLimit } from './thread-limit.js';

/** Limit of `auto`: each thread has its own tokenizer, and a few threads already saturate the memory bandwidth. */
const MOST_BY_DEFAULT = 8;
/** Each thread reserves addresses in addition to the table. */
const MOST = 64;

/** Number of threads that a model is loaded for. */
export interface ThreadPlan {
  /** Number of threads, the calling one included. */
  readonly threads: number;
  /** Why there are fewer threads than requested. */
  readonly limit: ThreadLimit | undefined;
  /** Whether every call that threads speed up starts them; otherwise only a call that is worth their start. */
  readonly eager: boolean;
}

/** @throws `invalid-argument` */
export function threadPlan(asked: 'auto' | number = 'auto'): ThreadPlan {
  if (asked !== 'auto' && !(Number.isInteger(asked) && asked >= 1 && asked <= MOST)) {
    throw invalidArgument('threads', `'auto' or a whole number from 1 to ${MOST}`, asked);
  }
  if (asked === 1) return { threads: 1, limit: undefined, eager: false };
  const limit = host.limit();
  if (limit !== undefined) return { threads: 1, limit, eager: false };
  if (asked !== 'auto') return { threads: asked, limit: undefined, eager: true };
  return { threads: Math.min(host.cores(), MOST_BY_DEFAULT), limit: undefined, eager: false };
}

/** Adjusts the plan to the kernel: one that cannot share its table runs on the calling thread only. */
export function planFor(plan: ThreadPlan, kernelName: string, kernel: LoadedKernel): ThreadPlan {
  if (plan.threads === 1 || kernel.share !== undefined) return plan;
  return { ...plan, threads: 1, limit: { code: 'kernel', kernel: kernelName } };
}
