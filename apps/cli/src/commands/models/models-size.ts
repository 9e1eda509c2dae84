const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** Formats bytes with three digits, such as `30.4 MB`, in powers of 1000 like disks and the Hub. */
export function shownBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  // 999.5 would round to 1000.
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
  return `${value.toFixed(digits)} ${UNITS[unit]}`;
}
