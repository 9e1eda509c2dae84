// By their tags and not by `instanceof`: Jest and Vitest's vmThreads give a module other classes than the file system
// and the program have.

/** Whether a value is a `Uint8Array`, or of a class derived from it, of any realm. */
export function isBytes(value: unknown): value is Uint8Array {
  return ArrayBuffer.isView(value) && tagOf(value) === 'Uint8Array';
}

/** Whether a value is a `URL` of any realm. */
export function isUrl(value: unknown): value is URL {
  return typeof value === 'object' && value !== null && (value instanceof URL || tagOf(value) === 'URL');
}

function tagOf(value: object): unknown {
  return (value as { readonly [Symbol.toStringTag]?: unknown })[Symbol.toStringTag];
}
