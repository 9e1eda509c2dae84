import type { ThreadHost } from '../host.js';

/** Node, and platforms with Node's modules. */
export const host: ThreadHost = {
  // Loads node:os only if the number of threads is not given.
  cores: () => process.getBuiltinModule('node:os').availableParallelism(),
  limit: () => undefined,
};
