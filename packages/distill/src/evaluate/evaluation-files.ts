import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { DistillError } from '../distill-error.js';
import { isObject } from '../teacher/teacher-files.js';
import { csvRows } from './csv.js';
import type { RetentionSet } from './retention.js';
import type { RetrievalSet } from './retrieval.js';
import type { ScoredPair } from './similarity.js';

/**
 * Reads retention sets from a JSON file, gzipped or not: an object of `corpus` (texts), `queries` (texts, or several
 * lists of them) and `top10` (for each query, positions in the corpus). There is one set for each list.
 *
 * @example
 * ```ts
 * import { evaluateRetention, readRetentionSets } from '@model2vec-ts/distill';
 * import { loadStaticModel } from '@model2vec-ts/static-model';
 *
 * const model = await loadStaticModel('./my-model');
 * for (const set of await readRetentionSets('./retention.json.gz')) {
 *   const [score] = await evaluateRetention(model, set);
 *   console.log(`${set.queries.length} queries: ${score?.value}`);
 * }
 * ```
 */
export async function readRetentionSets(file: string | URL): Promise<RetentionSet[]> {
  const value: unknown = parseJson(await readText(file), file);
  const isTexts = (each: unknown): each is string[] =>
    Array.isArray(each) && each.every((text) => typeof text === 'string');
  const isLists = (each: unknown): each is number[][] =>
    Array.isArray(each) && each.every((list) => Array.isArray(list) && list.every(Number.isSafeInteger));
  if (
    !isObject(value) ||
    !isTexts(value.corpus) ||
    !Array.isArray(value.queries) ||
    !Array.isArray(value.top10)
  ) {
    throw malformed(file, 'must be an object of "corpus", "queries" and "top10"');
  }
  const { corpus, queries, top10 } = value;
  const lists: readonly unknown[] = isTexts(queries) ? [queries] : queries;
  const nearest: readonly unknown[] = isTexts(queries) ? [top10] : top10;
  return lists.map((list, i) => {
    const positions = nearest[i];
    if (!isTexts(list) || !isLists(positions) || list.length !== positions.length) {
      throw malformed(file, 'must have a list of positions in "top10" for each query');
    }
    return { documents: corpus, queries: list, nearest: positions };
  });
}

/**
 * Reads pairs of texts with scores: CSV, TSV or JSON lines, gzipped or not. Columns are found by the names
 * `sentence1`, `sentence2` and `score`, else they are the first three.
 *
 * @example
 * ```ts
 * import { readScoredPairs } from '@model2vec-ts/distill';
 *
 * const [pair] = await readScoredPairs('./sts-test.tsv');
 * console.log(pair?.first, '|', pair?.second, '|', pair?.score);
 * ```
 */
export async function readScoredPairs(file: string | URL): Promise<ScoredPair[]> {
  const name = String(file).replace(/\.gz$/i, '');
  const text = await readText(file);
  const rows = /\.(jsonl|ndjson|json)$/i.test(name)
    ? jsonLines(text, file).map((line): unknown[] => {
        if (Array.isArray(line)) return line;
        return isObject(line) ? [line.sentence1, line.sentence2, line.score] : [];
      })
    : namedColumns([...csvRows(text, /\.tsv$/i.test(name) ? '\t' : ',')]);
  return rows.map(([first, second, score], i) => {
    const number = typeof score === 'number' ? score : Number(score === '' ? Number.NaN : score);
    if (typeof first !== 'string' || typeof second !== 'string' || !Number.isFinite(number)) {
      throw malformed(file, `pair ${i + 1} must have two texts and a number`);
    }
    return { first, second, score: number };
  });
}

/**
 * Reads a retrieval set in the layout of BEIR: `corpus.jsonl` (`_id`, `title`, `text`), `queries.jsonl` (`_id`, `text`)
 * and `qrels/test.tsv` (query, document, relevance), each gzipped or not.
 *
 * @example
 * ```ts
 * import { readRetrievalSet } from '@model2vec-ts/distill';
 *
 * const { documents, queries, judgements } = await readRetrievalSet('./scifact');
 * for (const [query, relevances] of judgements) {
 *   for (const document of relevances.keys()) console.log(queries.get(query), '→', documents.get(document));
 * }
 * ```
 */
export async function readRetrievalSet(folder: string): Promise<RetrievalSet> {
  const judgements = new Map<string, Map<string, number>>();
  const qrels = await firstText(folder, ['qrels/test.tsv', 'qrels.tsv', 'qrels/dev.tsv']);
  for (const [i, line] of qrels.text.split(/\r?\n/).entries()) {
    const [query, document, relevance] = line.split('\t');
    if (line === '' || (i === 0 && Number.isNaN(Number(relevance)))) continue;
    if (
      query === undefined ||
      document === undefined ||
      relevance === undefined ||
      Number.isNaN(Number(relevance))
    ) {
      throw malformed(
        qrels.file,
        `line ${i + 1} must have a query, a document and a relevance, separated by tabs`,
      );
    }
    const ofQuery = judgements.get(query) ?? new Map<string, number>();
    judgements.set(query, ofQuery.set(document, Number(relevance)));
  }
  return {
    documents: await textsById(folder, 'corpus.jsonl'),
    queries: await textsById(folder, 'queries.jsonl'),
    judgements,
  };
}

async function textsById(folder: string, name: string): Promise<Map<string, string>> {
  const { text, file } = await firstText(folder, [name]);
  return new Map(
    jsonLines(text, file).map((line, i): [string, string] => {
      if (!isObject(line) || line._id === undefined || typeof line.text !== 'string') {
        throw malformed(file, `line ${i + 1} must have "_id" and "text"`);
      }
      const title = typeof line.title === 'string' && line.title !== '' ? `${line.title} ` : '';
      return [String(line._id), title + line.text];
    }),
  );
}

async function firstText(
  folder: string,
  names: readonly string[],
): Promise<{ readonly text: string; readonly file: string }> {
  for (const name of names.flatMap((each) => [each, `${each}.gz`])) {
    const file = join(folder, name);
    const text = await readText(file).catch((error: unknown) => {
      if ((error as { readonly cause?: NodeJS.ErrnoException }).cause?.code === 'ENOENT') return undefined;
      throw error;
    });
    if (text !== undefined) return { text, file };
  }
  throw new DistillError(
    'malformed-data',
    `${folder} has no ${names[0]}; a retrieval set has corpus.jsonl, queries.jsonl and qrels/test.tsv`,
  );
}

async function readText(file: string | URL): Promise<string> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(file);
    if (bytes[0] === 0x1f && bytes[1] === 0x8b) bytes = gunzipSync(bytes);
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const reason = code === 'ENOENT' ? 'there is no such file' : message;
    throw new DistillError('malformed-data', `cannot read ${String(file)}: ${reason}`, { cause });
  }
  return new TextDecoder().decode(bytes);
}

function jsonLines(text: string, file: string | URL): unknown[] {
  return text
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
    .map((line) => parseJson(line, file));
}

function parseJson(text: string, file: string | URL): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw malformed(file, `is not JSON: ${(cause as Error).message}`, cause);
  }
}

function namedColumns(rows: readonly (readonly string[])[]): (readonly string[])[] {
  const names = ['sentence1', 'sentence2', 'score'];
  const header = rows[0]?.map((name) => name.trim().toLowerCase()) ?? [];
  const columns = names.map((name) => header.indexOf(name));
  if (columns.every((column) => column >= 0)) {
    return rows.slice(1).map((row) => columns.map((column) => row[column] ?? ''));
  }
  // If the third column of the first line is not a number, the line contains other column names.
  return Number.isNaN(Number(rows[0]?.[2] ?? Number.NaN)) ? rows.slice(1) : [...rows];
}

function malformed(file: string | URL, problem: string, cause?: unknown): DistillError {
  return new DistillError('malformed-data', `${String(file)} ${problem}`, { cause });
}
