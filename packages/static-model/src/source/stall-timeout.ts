import { ModelError } from '../model-error.js';

/** Refuses a stall timeout that timers cannot represent. */
export function checkStallTimeout(stallTimeout: number | undefined): void {
  if (stallTimeout === undefined || (stallTimeout > 0 && stallTimeout < 2 ** 31)) return;
  throw new ModelError(
    'invalid-argument',
    `stallTimeout must be a number of milliseconds above 0 and below 2³¹; found ${stallTimeout}`,
  );
}
