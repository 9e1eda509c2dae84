import type { ThreadAnswer, ThreadRequest } from './thread-message.js';

/** Events of a thread for the code that started it. */
export interface ThreadEvents {
  onAnswer(answer: ThreadAnswer): void;
  /** The thread ended by itself or could not start. Called at most once. */
  onEnd(cause: unknown): void;
}

/** A started worker. */
export interface WorkerThread {
  post(request: ThreadRequest, transfer: ArrayBuffer[]): void;
  /** Keeps the program alive while answers are pending. */
  hold(): void;
  release(): void;
  /** Ends it, even in the middle of work. Resolves when it has ended, if the platform reports that. */
  stop(): Promise<void>;
}

/** Platform-specific start of threads and waiting. */
export interface ThreadPlatform {
  start(events: ThreadEvents): WorkerThread;
  /** Resolves in a later task, so that answers arrive in between, and sooner than a timer. */
  laterTask(): Promise<void>;
  /** Reports a problem that no call's error reports. */
  warn(message: string): void;
}
