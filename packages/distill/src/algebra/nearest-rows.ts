/** Vectors of unit length, row by row. */
export interface UnitVectors {
  readonly data: Float32Array;
  readonly dim: number;
  readonly rows: number;
}

/** The `count` documents with the largest cosine to a query, nearest first; equal ones in order. */
export function nearestRows(
  documents: UnitVectors,
  queries: UnitVectors,
  query: number,
  count: number,
): Uint32Array {
  const { data, dim, rows } = documents;
  const scores = new Float32Array(rows);
  const own = queries.data.subarray(query * dim, (query + 1) * dim);
  for (let row = 0, at = 0; row < rows; row++) {
    // Four sums, because a single one would make each addition wait for the previous one.
    let a = 0;
    let b = 0;
    let c = 0;
    let d = 0;
    let column = 0;
    for (; column + 3 < dim; column += 4, at += 4) {
      a += data[at]! * own[column]!;
      b += data[at + 1]! * own[column + 1]!;
      c += data[at + 2]! * own[column + 2]!;
      d += data[at + 3]! * own[column + 3]!;
    }
    for (; column < dim; column++, at++) a += data[at]! * own[column]!;
    scores[row] = a + b + c + d;
  }
  return best(scores, Math.min(count, rows));
}

/** Positions of the largest numbers, found with a heap whose root is the smallest of them. */
function best(scores: Float32Array, count: number): Uint32Array {
  const heap = new Uint32Array(count);
  const isWorse = (a: number, b: number): boolean =>
    scores[a]! < scores[b]! || (scores[a] === scores[b] && a > b);
  const sink = (size: number): void => {
    for (let at = 0; ; ) {
      let child = 2 * at + 1;
      if (child >= size) return;
      if (child + 1 < size && isWorse(heap[child + 1]!, heap[child]!)) child++;
      if (!isWorse(heap[child]!, heap[at]!)) return;
      [heap[at], heap[child]] = [heap[child]!, heap[at]!];
      at = child;
    }
  };
  for (let i = 0; i < count; i++) {
    heap[i] = i;
    for (let at = i; at > 0; ) {
      const parent = (at - 1) >> 1;
      if (!isWorse(heap[at]!, heap[parent]!)) break;
      [heap[at], heap[parent]] = [heap[parent]!, heap[at]!];
      at = parent;
    }
  }
  for (let i = count; i < scores.length; i++) {
    if (!isWorse(heap[0]!, i)) continue;
    heap[0] = i;
    sink(count);
  }
  for (let size = count; size > 1; ) {
    size--;
    [heap[0], heap[size]] = [heap[size]!, heap[0]!];
    sink(size);
  }
  return heap;
}
