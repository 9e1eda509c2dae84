// Reads platform errors by their shape. `instanceof Error` fails for them in Jest, in Vitest's vmThreads, and wherever
// else modules run in another realm than the platform.

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

/** Code of an error of the operating system or of Node, such as `ENOENT`; `undefined` for any other value. */
export function systemCode(thrown: unknown): string | undefined {
  const code = property(thrown, 'code');
  return typeof code === 'string' ? code : undefined;
}

/** Whether a thrown value has one of the codes. */
export function hasSystemCode(thrown: unknown, ...codes: readonly string[]): boolean {
  return codes.includes(systemCode(thrown) ?? '');
}

/** Whether the error is a failed system call. */
export function isSystemError(thrown: unknown): boolean {
  return systemCode(thrown) !== undefined && property(thrown, 'syscall') !== undefined;
}

/** Whether the failure means that the path does not exist. `ERR_INVALID_ARG_VALUE`: the path contains a U+0000. */
export function meansAbsent(thrown: unknown): boolean {
  return hasSystemCode(thrown, 'ENOENT', 'ENOTDIR', 'ENAMETOOLONG', 'ERR_INVALID_ARG_VALUE');
}

/** Message of a thrown value, its name if it has no message, or the value itself as text. */
export function messageOf(thrown: unknown): string {
  return String(property(thrown, 'message') || property(thrown, 'name') || thrown);
}

/** The error behind a thrown value, such as the broken connection behind a failed `fetch`; else the value itself. */
export function causeOf(thrown: unknown): unknown {
  return property(thrown, 'cause') ?? thrown;
}

/** A numeric property of a thrown value, such as `statusCode`. */
export function numberIn(thrown: unknown, name: string): number | undefined {
  const value = property(thrown, name);
  return typeof value === 'number' ? value : undefined;
}
