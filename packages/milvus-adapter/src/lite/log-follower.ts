import { open, stat } from 'node:fs/promises';

const INTERVAL = 200;

/**
 * Calls `onLine` for each line that is appended to a file. The returned function reads the rest and stops. Polls five
 * times a second, because watching is not reliable on every file system; does not keep the process alive.
 */
export async function followLog(path: string, onLine: (line: string) => void): Promise<() => Promise<void>> {
  let position = await sizeOf(path);
  let unfinished = '';
  let reading: Promise<void> = Promise.resolve();

  const readOn = async (): Promise<void> => {
    const size = await sizeOf(path);
    // A new server truncates its log.
    if (size < position) position = 0;
    if (size === position) return;
    const file = await open(path).catch(() => undefined);
    if (file === undefined) return;
    try {
      const { buffer, bytesRead } = await file.read(
        Buffer.alloc(size - position),
        0,
        size - position,
        position,
      );
      position += bytesRead;
      const lines = (unfinished + buffer.toString('utf8', 0, bytesRead)).split(/\r?\n/);
      unfinished = lines.pop() ?? '';
      for (const line of lines) onLine(line);
    } finally {
      await file.close();
    }
  };

  const next = (): void => {
    // Neither an error of the caller nor a removed log may end the process.
    reading = reading.then(readOn).catch(() => {});
  };
  const timer = setInterval(next, INTERVAL);
  timer.unref();
  return async () => {
    clearInterval(timer);
    next();
    await reading;
    if (unfinished !== '') onLine(unfinished);
  };
}

async function sizeOf(path: string): Promise<number> {
  return (await stat(path).catch(() => undefined))?.size ?? 0;
}
