/** The last write to each server that needs its writes one at a time. */
const lastTurns = new Map<string, Promise<void>>();

/**
 * Runs `write` after all earlier writes to the same server. Milvus Lite 3.2.2 appends to its log without a lock, so two
 * concurrent writes garble it, and after a crash everything behind the garbled part is lost.
 */
export async function inTurn<T>(server: string, write: () => Promise<T>): Promise<T> {
  const before = lastTurns.get(server);
  const result = before === undefined ? write() : before.then(write);
  const turn = result.then(
    () => {},
    () => {},
  );
  lastTurns.set(server, turn);
  try {
    return await result;
  } finally {
    if (lastTurns.get(server) === turn) lastTurns.delete(server);
  }
}
