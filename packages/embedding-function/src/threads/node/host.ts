import type { ThreadHost } from '../host.js';

/** Node, and the platforms that have its modules. */
export const host: ThreadHost = {
  // Loaded when it is asked for: who has said how many threads there are to be need not wait for it.
  cores: () => process.getBuiltinModule('node:os').availableParallelism(),
  missing: () => undefined,
};
