/** Longest time, in milliseconds, that encoding keeps the thread: less than a frame of 60 Hz. */
const SLICE = 12;

/** Lets the event loop run from time to time, so that aborts, timers and frames are not held up by a long encode. */
export class TimeSlice {
  private started: number = performance.now();

  /** Resolves at once while the slice lasts, else in a later task. */
  async pause(): Promise<void> {
    if (performance.now() - this.started < SLICE) return;
    await laterTask();
    this.started = performance.now();
  }
}

/** A message and not `setTimeout`, which browsers delay by 4 ms and Node by 1. */
function laterTask(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
