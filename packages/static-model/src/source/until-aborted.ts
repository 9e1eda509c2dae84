/**
 * Settles as the work does, or rejects with the signal's reason as soon as it is aborted. Platforms do not settle every
 * promise of a request that is aborted: Node's `fetch` leaves a read pending if the abort meets the body's last byte.
 */
export async function untilAborted<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  signal.throwIfAborted();
  let stop = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = (): void => reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([work(), aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
