import { open, stat } from 'node:fs/promises';

const INTERVAL = 200;

/**
 * Passes on the lines that come to a file from now on, until the returned function is called, which passes on the
 * rest. Looks at the file five times a second, because watching is not reliable on every file system; does not keep
 * the process alive.
 */
export async function followLog(path: string, onLine: (line: string) => void): Promise<() => Promise<void>> {
  let position = await sizeOf(path);
  let unfinished = '';
  let reading: Promise<void> = Promise.resolve();

  const readOn = async (): Promise<void> => {
    const size = await sizeOf(path);
    // A new server begins its log anew.
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
    // What the caller does with a line, or a log that was taken away, must not end the process.
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
