import type { LoadProgress } from '../../source/load-progress.js';
import type { RetryPolicy } from '../retry.js';

/** What finding and fetching a model has to respect. */
export interface HubContext {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: LoadProgress) => void;
  /** Longest silence of the Hub in milliseconds, in place of the environment's. */
  readonly stallTimeout?: number | undefined;
  /** Replaces the platform's `fetch`. */
  readonly fetch?: typeof fetch | undefined;
  /** Replaces the usual number of tries and pauses. */
  readonly retry?: RetryPolicy | undefined;
}
