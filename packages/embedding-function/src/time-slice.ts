/** Longest time, in milliseconds, that encoding blocks the thread: less than a frame at 60 Hz. */
const SLICE = 12;

/** Yields to the event loop regularly, so that a long call does not delay aborts, timers and frames. */
export class TimeSlice {
  private started: number = performance.now();

  /** Resolves at once within the slice, else in a later task. */
  async pause(): Promise<void> {
    if (performance.now() - this.started < SLICE) return;
    await laterTask();
    this.started = performance.now();
  }
}

/** Uses a message, because browsers delay `setTimeout` by 4 ms and Node by 1. */
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
