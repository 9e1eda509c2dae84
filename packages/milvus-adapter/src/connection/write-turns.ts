/** The last write of each server that takes one at a time. */
const lastTurns = new Map<string, Promise<void>>();

/**
 * Runs `write` after all earlier writes to the same server. Milvus Lite 3.2.2 writes the log of its insertions without
 * a lock: two at once garble it, and after a crash all that follows in the log is lost.
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
