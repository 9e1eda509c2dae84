import { availableParallelism } from 'node:os';
import type { ThreadHost } from '../host.js';

/** Node, and the platforms that have its modules. */
export const host: ThreadHost = { cores: availableParallelism, missing: () => undefined };
