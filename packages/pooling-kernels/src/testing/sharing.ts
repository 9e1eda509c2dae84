import type { LoadedKernel, PoolingKernel } from '../pooling-kernel.js';
import type { SharedTable } from '../shared-table.js';
import { type Comparison, mustFail, mustHold, poolAndCompare } from './comparison.js';
import type { Sample } from './sample.js';

/** Threads that the table is loaded for. */
const THREADS = 3;

/**
 * Requires that kernels of other threads pool from one table. A kernel that does not run on threads must neither load
 * shared tables nor share its own.
 */
export async function checkSharing(
  kernel: PoolingKernel,
  of: Sample,
  texts: readonly (readonly number[])[],
  comparison: Comparison,
): Promise<void> {
  const { loadShared } = kernel;
  if (loadShared === undefined) {
    const loaded = await kernel.load(of.table, { threads: THREADS });
    mustHold(loaded.share === undefined, 'its kernels share tables, but it has no loadShared');
    loaded.dispose();
    return;
  }
  const first = await kernel.load(of.table, { threads: THREADS });
  mustHold(
    first.share !== undefined,
    `it has loadShared, but its kernel for ${THREADS} threads has no share`,
  );
  const others: LoadedKernel[] = [];
  for (let thread = 1; thread < THREADS; thread++) {
    const { data } = await posted(first.share!(thread));
    others.push(await kernel.loadShared!(data));
  }
  for (const each of [first, ...others]) await poolAndCompare(each, of, texts, comparison);
  // One thread ends, then the calling one closes: the table must outlive both.
  others[0]!.dispose();
  first.dispose();
  await poolAndCompare(others[1]!, of, texts, comparison);
  await mustFail(() => first.share!(1), 'sharing after dispose');
  others[1]!.dispose();
}

/** The message as another thread receives it. */
function posted(shared: SharedTable): Promise<SharedTable> {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port2.onmessage = ({ data }) => {
      port1.close();
      resolve(data);
    };
    port1.postMessage(shared);
  });
}
