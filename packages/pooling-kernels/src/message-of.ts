/** Message of any thrown value; errors of another realm are no instances of this realm's `Error`. */
export function messageOf(cause: unknown): string {
  const message = (cause as { readonly message?: unknown } | null | undefined)?.message;
  return typeof message === 'string' ? message : String(cause);
}
