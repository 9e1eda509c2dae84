import type { LoadProgress } from '../../source/load-progress.js';
import type { RetryPolicy } from '../retry.js';

/** Settings for finding and fetching a model. */
export interface HubContext {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: LoadProgress) => void;
  /** Longest silence of the Hub in milliseconds; overrides the environment. */
  readonly stallTimeout?: number | undefined;
  /** Replaces the platform's `fetch`. */
  readonly fetch?: typeof fetch | undefined;
  /** Overrides the usual retries. */
  readonly retry?: RetryPolicy | undefined;
}
