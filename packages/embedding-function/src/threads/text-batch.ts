/**
 * UTF-16 units per batch for another thread. Sending one costs tens of microseconds, little compared with the
 * millisecond of work, and few batches are in progress when a call is aborted.
 */
const THREAD_UNITS = 1 << 16;
/**
 * UTF-16 units that the calling thread embeds before it serves the other threads, which have a few batches each. With
 * half as many, words and rows would evict each other from the caches.
 */
const OWN_UNITS = 1 << 15;
/** Fewer units are embedded faster than they are sent. */
export const LEAST_UNITS: number = 1 << 12;
/** Smaller batches are not sent, except for the last one. */
export const FEWEST_TEXTS = 32;

/** Consecutive texts of a call. */
export interface TextBatch {
  readonly first: number;
  readonly end: number;
}

/**
 * Returns the end of the batch that begins with text `first`. Batches get smaller towards the end, so that no thread is
 * still busy with a large one when the others are finished.
 */
export function batchEnd(
  texts: readonly string[],
  first: number,
  {
    threads,
    batchSize,
    own,
  }: { readonly threads: number; readonly batchSize: number; readonly own: boolean },
): number {
  const share = Math.ceil((texts.length - first) / (4 * threads));
  const limit = Math.min(texts.length, first + Math.min(batchSize, Math.max(FEWEST_TEXTS, share)));
  const most = own ? OWN_UNITS : THREAD_UNITS;
  let end = first;
  for (let units = 0; end < limit && (end === first || units < most); end++) units += texts[end]!.length;
  return end;
}

/** Counts the UTF-16 units of texts, up to `enough`. */
export function countUnits(texts: readonly string[], enough: number): number {
  let units = 0;
  for (let i = 0; i < texts.length && units < enough; i++) units += texts[i]!.length;
  return units;
}
