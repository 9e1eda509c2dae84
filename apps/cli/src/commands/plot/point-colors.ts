/** How the points of a map are coloured. */
export type PointColors =
  | { readonly kind: 'none' }
  /** A label per point, and all labels by descending frequency; `other` collects the rare ones. */
  | { readonly kind: 'labels'; readonly of: readonly string[]; readonly labels: readonly string[] }
  /** A number per point; `undefined` for points without one. */
  | { readonly kind: 'numbers'; readonly of: readonly (number | undefined)[] };

/** Label for all rare values. */
export const OTHER = 'other';
/** The label of points without a value. */
export const NONE = '(none)';

/** Colours that the eye can tell apart, besides that of {@link OTHER}. */
const MOST_LABELS = 9;

/** Chooses colours for values: a range if all values are numbers and many differ, otherwise labels. */
export function pointColors(values: readonly unknown[] | undefined): PointColors {
  if (values === undefined) return { kind: 'none' };
  const numbers = values.map(numberOf);
  const given = values.filter((value) => !isMissing(value)).length;
  if (
    numbers.filter((number) => number !== undefined).length === given &&
    new Set(numbers).size > MOST_LABELS
  ) {
    return { kind: 'numbers', of: numbers };
  }
  const all = values.map(labelOf);
  const counts = new Map<string, number>();
  for (const label of all) counts.set(label, (counts.get(label) ?? 0) + 1);
  const byCount = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).map(([label]) => label);
  if (byCount.length <= MOST_LABELS) return { kind: 'labels', of: all, labels: byCount };
  const kept = byCount.filter((label) => label !== OTHER).slice(0, MOST_LABELS);
  const known = new Set(kept);
  return {
    kind: 'labels',
    of: all.map((label) => (known.has(label) ? label : OTHER)),
    labels: [...kept, OTHER],
  };
}

function isMissing(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}

function numberOf(value: unknown): number | undefined {
  if (typeof value === 'bigint') return Number(value);
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

function labelOf(value: unknown): string {
  if (isMissing(value)) return NONE;
  if (Array.isArray(value)) return value.map(labelOf).join(', ');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
