/** The message of whatever was thrown: an error of another realm is no instance of this realm's `Error`. */
export function messageOf(cause: unknown): string {
  const message = (cause as { readonly message?: unknown } | null | undefined)?.message;
  return typeof message === 'string' ? message : String(cause);
}
