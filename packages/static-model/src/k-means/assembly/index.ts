/** Floats per vector register. Centroids are compared in blocks of two registers. */
const LANES: i32 = 4;
const BLOCK: i32 = 8;

/** Columns of a row, and how many leading columns are compared first. */
let dim: usize;
let head: usize;
/** Points as f32 rows, their squared lengths, and the lengths of their trailing columns. */
let points: usize;
let squares: usize;
let tails: usize;
/** Per point: f32 cost to beat, i32 best cluster so far, i32 cluster to skip. */
let limits: usize;
let owners: usize;
let homes: usize;
/** Centroids as f32 rows, and their leading columns again, interleaved for eight centroids. */
let rows: usize;
let heads: usize;
/** Per centroid: i32 cluster, f32 half its squared length, f32 length of its trailing columns, f32 gain. */
let names: usize;
let halves: usize;
let rowTails: usize;
let gains: usize;
/** 32 bytes. */
let scratch: usize;

/** Sets the addresses of all arrays. */
export function configure(
  theDim: usize,
  theHead: usize,
  thePoints: usize,
  theSquares: usize,
  theTails: usize,
  theLimits: usize,
  theOwners: usize,
  theHomes: usize,
  theRows: usize,
  theHeads: usize,
  theNames: usize,
  theHalves: usize,
  theRowTails: usize,
  theGains: usize,
  theScratch: usize,
): void {
  dim = theDim;
  head = theHead;
  points = thePoints;
  squares = theSquares;
  tails = theTails;
  limits = theLimits;
  owners = theOwners;
  homes = theHomes;
  rows = theRows;
  heads = theHeads;
  names = theNames;
  halves = theHalves;
  rowTails = theRowTails;
  gains = theGains;
  scratch = theScratch;
}

/**
 * Finds the cheapest cluster of each listed point, if it costs less than the point's limit.
 *
 * A cost is `|x − c|² / gain`, found in two steps. The first multiplies the leading columns of four points with those
 * of eight centroids, in registers; the product of the lengths of the trailing columns bounds what they can add
 * (Cauchy–Schwarz). The second step multiplies in full only the centroids that could still win, which are few if the
 * columns are ordered by variance. Bound by arithmetic: 16 operations per 6 loads.
 *
 * @param list - u32 indices of points
 * @param count - number of points, a multiple of four
 * @param clusters - number of centroids, a multiple of eight; padding has an infinite half
 */
export function improve(list: usize, count: i32, clusters: i32): void {
  const stride = dim << 2;
  const blockBytes = head << 5;
  const end = list + ((<usize>count) << 2);
  for (; list < end; list += 16) {
    const p = <usize>load<u32>(list, 0);
    const q = <usize>load<u32>(list, 4);
    const r = <usize>load<u32>(list, 8);
    const s = <usize>load<u32>(list, 12);
    let column = heads;
    for (let first = 0; first < clusters; first += BLOCK) {
      let pa = f32x4.splat(0);
      let pb = pa;
      let qa = pa;
      let qb = pa;
      let ra = pa;
      let rb = pa;
      let sa = pa;
      let sb = pa;
      let px = points + p * stride;
      let qx = points + q * stride;
      let rx = points + r * stride;
      let sx = points + s * stride;
      const stop = column + blockBytes;
      for (; column < stop; column += 32) {
        const a = v128.load(column, 0);
        const b = v128.load(column, 16);
        const pv = v128.load32_splat(px);
        pa = f32x4.add(pa, f32x4.mul(a, pv));
        pb = f32x4.add(pb, f32x4.mul(b, pv));
        const qv = v128.load32_splat(qx);
        qa = f32x4.add(qa, f32x4.mul(a, qv));
        qb = f32x4.add(qb, f32x4.mul(b, qv));
        const rv = v128.load32_splat(rx);
        ra = f32x4.add(ra, f32x4.mul(a, rv));
        rb = f32x4.add(rb, f32x4.mul(b, rv));
        const sv = v128.load32_splat(sx);
        sa = f32x4.add(sa, f32x4.mul(a, sv));
        sb = f32x4.add(sb, f32x4.mul(b, sv));
        px += 4;
        qx += 4;
        rx += 4;
        sx += 4;
      }
      weigh(pa, pb, p, first);
      weigh(qa, qb, q, first);
      weigh(ra, rb, r, first);
      weigh(sa, sb, s, first);
    }
  }
}

/** Picks the best of eight centroids for a point, given the products of their leading columns. */
function weigh(a: v128, b: v128, point: usize, first: i32): void {
  const own = point << 2;
  const at = (<usize>first) << 2;
  const square = v128.load32_splat(squares + own);
  const limit = v128.load32_splat(limits + own);
  const tail = v128.load32_splat(tails + own);
  const half = f32x4.splat(0.5);
  const scoreA = f32x4.sub(a, v128.load(halves + at, 0));
  const scoreB = f32x4.sub(b, v128.load(halves + at, 16));
  const mostA = f32x4.add(scoreA, f32x4.mul(tail, v128.load(rowTails + at, 0)));
  const mostB = f32x4.add(scoreB, f32x4.mul(tail, v128.load(rowTails + at, 16)));
  // A cost equals the limit at this score: (|x|² − limit × gain) / 2.
  const needA = f32x4.mul(half, f32x4.sub(square, f32x4.mul(limit, v128.load(gains + at, 0))));
  const needB = f32x4.mul(half, f32x4.sub(square, f32x4.mul(limit, v128.load(gains + at, 16))));
  const possible = i32x4.bitmask(f32x4.gt(mostA, needA)) | (i32x4.bitmask(f32x4.gt(mostB, needB)) << LANES);
  if (possible !== 0) {
    v128.store(scratch, scoreA, 0);
    v128.store(scratch, scoreB, 16);
    finish(possible, point, first);
  }
}

/** Multiplies the trailing columns of the centroids that could still win. */
function finish(possible: i32, point: usize, first: i32): void {
  const own = point << 2;
  const square = load<f32>(squares + own);
  const home = load<i32>(homes + own);
  const x = points + ((point * dim + head) << 2);
  let limit = load<f32>(limits + own);
  for (; possible !== 0; possible &= possible - 1) {
    const lane = <usize>ctz(possible);
    const centroid = <usize>first + lane;
    const name = load<i32>(names + (centroid << 2));
    if (name === home) continue;
    const rest = product(x, rows + ((centroid * dim + head) << 2), dim - head);
    const distance = max<f32>(square - 2 * (load<f32>(scratch + (lane << 2)) + rest), 0);
    const cost = distance / load<f32>(gains + (centroid << 2));
    if (cost < limit) {
      limit = cost;
      store<f32>(limits + own, cost);
      store<i32>(owners + own, name);
    }
  }
}

/** Dot product of two rows; `count` is a multiple of four. */
function product(x: usize, y: usize, count: usize): f32 {
  let a = f32x4.splat(0);
  let b = a;
  for (; count >= 8; count -= 8) {
    a = f32x4.add(a, f32x4.mul(v128.load(x, 0), v128.load(y, 0)));
    b = f32x4.add(b, f32x4.mul(v128.load(x, 16), v128.load(y, 16)));
    x += 32;
    y += 32;
  }
  if (count > 0) a = f32x4.add(a, f32x4.mul(v128.load(x), v128.load(y)));
  a = f32x4.add(a, b);
  const even = f32x4.extract_lane(a, 0) + f32x4.extract_lane(a, 2);
  const odd = f32x4.extract_lane(a, 1) + f32x4.extract_lane(a, 3);
  return even + odd;
}
