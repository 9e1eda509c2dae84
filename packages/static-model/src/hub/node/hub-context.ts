import type { LoadProgress } from '../../source/load-progress.js';
import type { RetryPolicy } from '../retry.js';

/** What finding and fetching a model has to respect. */
export interface HubContext {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: LoadProgress) => void;
  /** Replaces the platform's `fetch`. */
  readonly fetch?: typeof fetch | undefined;
  /** Replaces the usual number of tries and pauses. */
  readonly retry?: RetryPolicy | undefined;
}
