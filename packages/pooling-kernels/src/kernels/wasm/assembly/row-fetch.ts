/** Bytes of one memory fetch. */
const LINE: usize = 64;
/** Number of remembered row addresses, u32. */
const REMEMBERED: usize = 1 << 11;
/** Bytes of remembered rows: half of a small second-level cache, whose rest is for the ids and the sums. */
const REMEMBERED_BYTES: usize = 1 << 18;

/**
 * Fetches rows that were not read recently, so that additions do not wait for memory.
 *
 * Works against memory latency: additions read one line per row in turn, so the uncached lines of one row, about one
 * row in fifteen, would be requested one after the other. Here they are requested all at once. Rows that were read
 * recently, which are most, are skipped: checking costs less than reading them.
 *
 * @param rows - addresses of the rows, u32 each
 * @param recent - {@link REMEMBERED} addresses, followed by room for one register. No result depends on their values.
 */
export function fetchRows(rows: usize, end: usize, rowBytes: usize, recent: usize): void {
  // No two rows share a block of `1 << shift` bytes, because rows are at least that long.
  const shift = 31 - clz<u32>(<u32>rowBytes);
  let all = i8x16.splat(0);
  for (; rows < end; rows += 4) {
    const row = load<u32>(rows);
    const place = ((row & (REMEMBERED_BYTES - 1)) >> shift) & (REMEMBERED - 1);
    const known = recent + (place << 2);
    if (load<u32>(known) === row) continue;
    store<u32>(known, row);
    const rowEnd = <usize>row + rowBytes;
    let at = <usize>row;
    for (; at + 4 * LINE <= rowEnd; at += 4 * LINE) {
      all = v128.or(all, v128.load(at));
      all = v128.or(all, v128.load(at, LINE));
      all = v128.or(all, v128.load(at, 2 * LINE));
      all = v128.or(all, v128.load(at, 3 * LINE));
    }
    for (; at < rowEnd; at += LINE) all = v128.or(all, v128.load(at));
  }
  // Without a use of the loaded values, compilers would drop the loads.
  v128.store(recent + 4 * REMEMBERED, all);
}
