import type { ThreadHost } from '../host.js';

/** For browsers and every other platform without Node's modules. */
export const host: ThreadHost = {
  cores: () => globalThis.navigator?.hardwareConcurrency ?? 1,
  limit() {
    if (typeof Worker === 'undefined') return { code: 'no-workers' };
    // Without isolation, memory cannot be sent to a worker even if SharedArrayBuffer exists.
    return globalThis.crossOriginIsolated === true ? undefined : { code: 'not-isolated' };
  },
};
