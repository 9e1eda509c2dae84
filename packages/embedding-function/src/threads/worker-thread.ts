import type { ThreadAnswer, ThreadRequest } from './thread-message.js';

/** What a thread tells whoever started it. */
export interface ThreadEvents {
  onAnswer(answer: ThreadAnswer): void;
  /** It has ended without being told to, or could not be started; at most once. */
  onEnd(cause: unknown): void;
}

/** A worker that was started. */
export interface WorkerThread {
  post(request: ThreadRequest, transfer: ArrayBuffer[]): void;
  /** Keeps the program from ending while answers are due. */
  hold(): void;
  release(): void;
  /** Ends it whatever it does; resolves when it has ended, where the platform says so. */
  stop(): Promise<void>;
}

/** What differs between platforms in starting and waiting for threads. */
export interface ThreadPlatform {
  start(events: ThreadEvents): WorkerThread;
  /** Resolves in a later task, so that answers are heard in between; sooner than a timer. */
  laterTask(): Promise<void>;
  /** Tells whoever looks after the program of what no call reports. */
  warn(message: string): void;
}
