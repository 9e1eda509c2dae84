import { nearestRows, type UnitVectors } from '../algebra/nearest-rows.js';
import { DistillError } from '../distill-error.js';
import type { RidgeSolver } from './ridge-solver.js';
import type { TaughtTexts } from './taught-texts.js';

/** Result of a fit with one λ on texts that it did not see. */
export interface LambdaTrial {
  readonly lambda: number;
  /** Share of the teacher's ten nearest documents that the fit also finds. */
  readonly retention: number;
}

/** The best λ, with the score of each candidate. */
export interface LambdaChoice {
  readonly lambda: number;
  readonly trials: readonly LambdaTrial[];
  /** Queries and documents of the trials. */
  readonly queries: number;
  readonly documents: number;
}

/** Candidates, a factor of about 3 apart. */
const LAMBDAS = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1];
const FIRST = LAMBDAS.indexOf(0.03);
/** λ if there are too few texts to hold out. */
const DEFAULT_LAMBDA = 0.03;
const FEWEST_TEXTS = 1000;
/** Enough to tell neighbouring candidates apart: with 400, chance moved the choice by a step. */
const QUERIES = 1000;
const DOCUMENTS = 4000;
const NEAREST = 10;
/** The first columns lead to the same choice as all of them, in a quarter of the time. */
const COLUMNS = 64;

/**
 * Chooses λ by trials: queries that no fit sees are compared with documents. The documents are own texts, which fits do
 * see, because the searched collection is known in advance; without own texts, they are held out too.
 */
export async function chooseLambda(
  solver: RidgeSolver,
  { counts, own }: TaughtTexts,
  dimensionality: number,
  signal: AbortSignal | undefined,
  onProgress: (fraction: number) => void,
): Promise<LambdaChoice> {
  const none = { lambda: DEFAULT_LAMBDA, trials: [], queries: 0, documents: 0 };
  if (counts.texts < FEWEST_TEXTS) return none;
  const ownTexts = own.reduce((sum, each) => sum + each, 0);
  const isOwn = ownTexts >= FEWEST_TEXTS;
  const candidates = shuffled(Uint32Array.from(own.keys()).filter((text) => !isOwn || own[text] === 1));
  const queries = candidates.subarray(0, Math.min(QUERIES, candidates.length >> 3));
  const documents = candidates.subarray(
    queries.length,
    queries.length + Math.min(DOCUMENTS, isOwn ? candidates.length : candidates.length >> 3),
  );
  const heldOut = new Uint8Array(counts.texts);
  for (const text of queries) heldOut[text] = 1;
  if (!isOwn) for (const text of documents) heldOut[text] = 1;
  if (documents.length <= NEAREST) throw new DistillError('not-enough-texts', 'too few documents to compare');
  const wanted = nearest(queries, documents, dimensionality, (text, out) => solver.target(text, out));

  const columns = Math.min(COLUMNS, dimensionality);
  const trials = new Map<number, LambdaTrial>();
  const trial = async (index: number): Promise<number> => {
    const lambda = LAMBDAS[index];
    if (lambda === undefined) return -1;
    const known = trials.get(index);
    if (known !== undefined) return known.retention;
    const table = await solver.fit({ lambda, columns, heldOut, signal });
    const found = nearest(queries, documents, columns, (text, out) => pool(table, counts, text, out));
    const retention = overlap(found, wanted);
    trials.set(index, { lambda, retention });
    onProgress(trials.size / 4);
    return retention;
  };
  let best = FIRST;
  for (;;) {
    const here = await trial(best);
    const [below, above] = [await trial(best - 1), await trial(best + 1)];
    if (below <= here && above <= here) break;
    best += above > below ? 1 : -1;
  }
  onProgress(1);
  return {
    lambda: LAMBDAS[best]!,
    trials: [...trials.values()].sort((a, b) => a.lambda - b.lambda),
    queries: queries.length,
    documents: documents.length,
  };
}

/** The same order in every run: a permutation by a fixed generator (mulberry32). */
function shuffled(items: Uint32Array): Uint32Array {
  let state = 0x9e37_79b9;
  const random = (): number => {
    state = (state + 0x6d2b_79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  for (let i = items.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [items[i], items[j]] = [items[j]!, items[i]!];
  }
  return items;
}

/** Sums the rows of a text's tokens. */
function pool(table: Float32Array, counts: TaughtTexts['counts'], text: number, out: Float32Array): void {
  const { ids, values, starts } = counts;
  for (let k = starts[text]!; k < starts[text + 1]!; k++) {
    const at = ids[k]! * out.length;
    for (let column = 0; column < out.length; column++) out[column]! += values[k]! * table[at + column]!;
  }
}

/** For each query, the documents with the largest cosine. */
function nearest(
  queries: Uint32Array,
  documents: Uint32Array,
  dim: number,
  fill: (text: number, out: Float32Array) => void,
): Set<number>[] {
  const unitRows = (texts: Uint32Array): UnitVectors => {
    const data = new Float32Array(texts.length * dim);
    texts.forEach((text, row) => {
      const vector = data.subarray(row * dim, (row + 1) * dim);
      fill(text, vector);
      let squares = 0;
      for (const value of vector) squares += value * value;
      const length = Math.sqrt(squares) || 1;
      for (let column = 0; column < dim; column++) vector[column]! /= length;
    });
    return { data, dim, rows: texts.length };
  };
  const rows = unitRows(documents);
  const asked = unitRows(queries);
  return Array.from(queries, (_, query) => new Set(nearestRows(rows, asked, query, NEAREST)));
}

function overlap(found: readonly Set<number>[], wanted: readonly Set<number>[]): number {
  let common = 0;
  found.forEach((set, i) => {
    for (const each of set) if (wanted[i]!.has(each)) common++;
  });
  return common / (found.length * NEAREST);
}
