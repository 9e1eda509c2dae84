import type { LoadedKernel } from '@model2vec-ts/pooling-kernels';
import { host } from '#threads/host';
import { invalidArgument } from '../embedding-function-error.js';
import type { ThreadLimit } from './thread-limit.js';

/** Most threads of `auto`: each has a tokenizer of its own, and memory bounds a few of them already. */
const MOST_BY_DEFAULT = 8;
/** Each thread reserves addresses beside the table. */
const MOST = 64;

/** How many threads a model is loaded for. */
export interface ThreadPlan {
  /** Number of threads, the calling one included. */
  readonly threads: number;
  /** Why that is less than was asked for. */
  readonly limit: ThreadLimit | undefined;
  /** Whether any call that threads help with starts them; else only a call that is worth their start. */
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

/** The plan once the kernel is known: a kernel that does not share its table runs on the calling thread. */
export function planFor(plan: ThreadPlan, kernelName: string, kernel: LoadedKernel): ThreadPlan {
  if (plan.threads === 1 || kernel.share !== undefined) return plan;
  return { ...plan, threads: 1, limit: { code: 'kernel', kernel: kernelName } };
}
