import type { BatchEncoder } from '../batch-encoder.js';
import type { SharedParts } from './shared-parts.js';
import type { ThreadLimit } from './thread-limit.js';
import type { ThreadPlan } from './thread-plan.js';
import type { Threads } from './threads.js';

/** The other threads of an embedder, or why it has none. */
export type LoadedThreads =
  | { readonly threads: Threads; readonly limit?: undefined }
  | { readonly threads?: undefined; readonly limit: ThreadLimit | undefined };

/** Loads the code of several threads where the plan has several: most pages may use only one. */
export async function loadThreads(
  plan: ThreadPlan,
  encoder: BatchEncoder,
  shared: SharedParts,
): Promise<LoadedThreads> {
  if (plan.threads === 1) return { limit: plan.limit };
  try {
    const { Threads } = await import('./threads.js');
    return { threads: new Threads(plan, encoder, shared) };
  } catch (error) {
    return { limit: { code: 'not-loaded', reason: String(error) } };
  }
}
