// Checked by tag rather than `instanceof`, because Jest and Vitest's vmThreads give modules other classes than the
// platform's.

/** Whether a value is a `Uint8Array` or a subclass, from any realm. */
export function isBytes(value: unknown): value is Uint8Array {
  return ArrayBuffer.isView(value) && tagOf(value) === 'Uint8Array';
}

/** Whether a value is a `URL` of any realm. */
export function isUrl(value: unknown): value is URL {
  return typeof value === 'object' && value !== null && (value instanceof URL || tagOf(value) === 'URL');
}

/** Two letters at least, so that the drive of a Windows path such as `C:\models` is not taken for a scheme. */
const SCHEME = /^[a-z][a-z0-9+.-]+:/i;

/** Parses a string that begins with a URL's scheme; `undefined` for any other. */
export function urlOf(text: string): URL | undefined {
  return SCHEME.test(text) && URL.canParse(text) ? new URL(text) : undefined;
}

function tagOf(value: object): unknown {
  return (value as { readonly [Symbol.toStringTag]?: unknown })[Symbol.toStringTag];
}
