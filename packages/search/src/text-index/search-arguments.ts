import { invalidArgument } from '../search-error.js';
import type { SearchMode } from '../store/text-row.js';

/** Requires a whole number of at least `least`. */
export function requireWhole(name: string, value: number, least: number): void {
  if (!(Number.isSafeInteger(value) && value >= least)) {
    throw invalidArgument(name, `a whole number from ${least} on`, value);
  }
}

/** Requires one of the modes. */
export function requireMode(mode: SearchMode): void {
  if (mode !== 'hybrid' && mode !== 'dense' && mode !== 'fullText') {
    throw invalidArgument('option mode', "'hybrid', 'dense' or 'fullText'", mode);
  }
}
