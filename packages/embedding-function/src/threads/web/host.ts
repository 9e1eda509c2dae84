import type { ThreadHost } from '../host.js';

/** Browsers, and all that is not Node. */
export const host: ThreadHost = {
  cores: () => globalThis.navigator?.hardwareConcurrency ?? 1,
  missing() {
    if (typeof Worker === 'undefined') return 'there are no Web Workers here';
    // Elsewhere memory cannot be shared, whatever its type says.
    if (globalThis.crossOriginIsolated === true) return undefined;
    return 'the page is not cross-origin isolated (see Cross-Origin-Opener-Policy and -Embedder-Policy), so threads cannot share the model';
  },
};
