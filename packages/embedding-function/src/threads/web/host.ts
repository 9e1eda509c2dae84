import type { ThreadHost } from '../host.js';

/** For browsers and every other platform without Node's modules. */
export const host: ThreadHost = {
  cores: () => globalThis.navigator?.hardwareConcurrency ?? 1,
  limit() {
    if (typeof Worker === 'undefined') return { code: 'no-workers' };
    // Without isolation, memory cannot be sent to a worker even if SharedArrayBuffer exists.
    if (!globalThis.crossOriginIsolated) return { code: 'not-isolated' };
    // WebKitGTK has none, even in isolated pages.
    return typeof SharedArrayBuffer === 'undefined' ? { code: 'no-shared-memory' } : undefined;
  },
};
