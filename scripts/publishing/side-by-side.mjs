/** Runs a task for each item in order, a few at a time. */
export async function sideBySide(items, atATime, act) {
  const waiting = [...items];
  const turn = async () => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await act(item);
  };
  await Promise.all(Array.from({ length: atATime }, turn));
}
