import { CodePointSet, decodeRanges } from './code-point-set.js';
import { DECOMPOSED_RANGES } from './decomposition.generated.js';

/** {@link EngineForm.known} of NFD: includes all marks that NFD reorders. */
export const DECOMPOSED: CodePointSet = /* @__PURE__ */ new CodePointSet(() =>
  decodeRanges(DECOMPOSED_RANGES),
);

/** The mark of the lowest combining class, 1, and one of the highest, 240. */
const LOWEST_MARK = '\u0334';
const HIGHEST_MARK = '\u0345';

/** Limit on cached characters, so that a hostile text cannot fill the memory. */
export const REMEMBERED = 0x10000;

const combining = new Map<string, boolean>();

/** Whether a character that does not decompose has a combining class other than 0, so that it can be reordered. */
export function isCombining(character: string): boolean {
  let result = combining.get(character);
  if (result === undefined) {
    result =
      DECOMPOSED.has(character.codePointAt(0)!) &&
      ((character + LOWEST_MARK).normalize('NFD').startsWith(LOWEST_MARK) ||
        (HIGHEST_MARK + character).normalize('NFD').startsWith(character));
    if (combining.size >= REMEMBERED) combining.clear();
    combining.set(character, result);
  }
  return result;
}

/** Compares the combining classes of two marks by the order into which the engine puts them. */
export function compareClasses(a: string, b: string): number {
  if (a === b) return 0;
  if ((b + a).normalize('NFD') !== b + a) return -1;
  return (a + b).normalize('NFD') !== a + b ? 1 : 0;
}

/** Sorts marks by combining class, stably, with one bucket per class: linear in the number of marks. */
export function sortMarks<T>(marks: readonly T[], characterOf: (mark: T) => string): T[] {
  const bucketOf = new Map<string, T[]>();
  for (let i = 0; i < marks.length; i++) bucketOf.set(characterOf(marks[i]!), []);
  const buckets: T[][] = [];
  let last = '';
  for (const character of [...bucketOf.keys()].sort(compareClasses)) {
    if (buckets.length === 0 || compareClasses(last, character) !== 0) buckets.push([]);
    bucketOf.set(character, buckets.at(-1)!);
    last = character;
  }
  for (let i = 0; i < marks.length; i++) bucketOf.get(characterOf(marks[i]!))!.push(marks[i]!);
  return buckets.flat();
}
