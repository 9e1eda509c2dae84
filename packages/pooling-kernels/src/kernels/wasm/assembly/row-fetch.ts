/** What one fetch from memory brings. */
const LINE: usize = 64;
/** Addresses of rows that are remembered, u32. */
const REMEMBERED: usize = 1 << 11;

/**
 * Reads rows that have not been read lately, so that adding them up need not wait for memory.
 *
 * Works against the latency of memory: additions read a line of each row in turn, and so ask for the lines of one row
 * that no cache holds, one of fifteen or so, one after the other. Here they are asked for all at once. Of rows that were
 * read lately, which most are, nothing is read: what is remembered of them is less than reading them would cost.
 *
 * @param rows - addresses of the rows, u32 each
 * @param recent - {@link REMEMBERED} addresses, and room for one register behind them. Whatever they are, no result
 *   depends on it.
 */
export function fetchRows(rows: usize, end: usize, rowBytes: usize, recent: usize): void {
  // No two rows lie in the same `1 << shift` bytes, as rows are at least that long.
  const shift = 31 - clz<u32>(<u32>rowBytes);
  let all = i8x16.splat(0);
  for (; rows < end; rows += 4) {
    const row = load<u32>(rows);
    const known = recent + ((<usize>(row >> shift) & (REMEMBERED - 1)) << 2);
    if (load<u32>(known) === row) continue;
    store<u32>(known, row);
    const rowEnd = <usize>row + rowBytes;
    let at = <usize>row;
    for (; at + 8 * LINE <= rowEnd; at += 8 * LINE) {
      all = v128.or(all, v128.load(at));
      all = v128.or(all, v128.load(at, LINE));
      all = v128.or(all, v128.load(at, 2 * LINE));
      all = v128.or(all, v128.load(at, 3 * LINE));
      all = v128.or(all, v128.load(at, 4 * LINE));
      all = v128.or(all, v128.load(at, 5 * LINE));
      all = v128.or(all, v128.load(at, 6 * LINE));
      all = v128.or(all, v128.load(at, 7 * LINE));
    }
    for (; at < rowEnd; at += LINE) all = v128.or(all, v128.load(at));
  }
  // Else nobody would need what was read, and compilers would leave it out.
  v128.store(recent + 4 * REMEMBERED, all);
}
