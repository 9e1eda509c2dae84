/**
 * Characters, in UTF-16 units, that another thread gets at one time. Handing a batch over costs tens of microseconds,
 * which is little of the millisecond that these take, and few enough are under way when a call is aborted.
 */
const THREAD_UNITS = 1 << 16;
/**
 * What the calling thread does before it looks after the others again, which have a few batches each. In half of it, words
 * and rows would leave the caches in turn.
 */
const OWN_UNITS = 1 << 15;
/** Less is done sooner than it is handed over. */
export const LEAST_UNITS: number = 1 << 12;
/** Batches of less are not handed over, but for the last one. */
export const FEWEST_TEXTS = 32;

/** Consecutive texts of a call. */
export interface TextBatch {
  readonly first: number;
  readonly end: number;
}

/**
 * Where the batch ends that begins with text `first`. Batches get smaller towards the end, so that no thread is left
 * with a large one while the others have none.
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

/** UTF-16 units of texts, counted until there are `enough`. */
export function countUnits(texts: readonly string[], enough: number): number {
  let units = 0;
  for (let i = 0; i < texts.length && units < enough; i++) units += texts[i]!.length;
  return units;
}
