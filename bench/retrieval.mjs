#!/usr/bin/env node
// Builds retrieval sets in the layout of BEIR and measures each way of searching on them:
// node bench/retrieval.mjs --eval FOLDER [--output FOLDER]
// FOLDER holds banking77 (test.csv, train.csv), retention-requests.json.gz and glosses-train.txt.gz. nDCG@10 of
// TextIndex with the bundled model, over 500 queries a set:
//   banking77  customers' questions; relevant are the questions with the same intent
//   requests   spoken requests; relevant are the ten that a sentence transformer finds nearest
//   usage      example sentences of dictionary senses; relevant is the sense that the example belongs to
//   names      two rare words of a sense; relevant is that sense
//   mixed      a question about the same two words
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { Model2VecEmbeddingFunction } from '../packages/embedding-function/dist/node/index.js';
import { minilmL6 } from '../packages/model-minilm-l6/dist/index.js';
import { TextIndex } from '../packages/search/dist/index.js';

const { values: flags } = parseArgs({ options: { eval: { type: 'string' }, output: { type: 'string' } } });
const QUERIES = 500;
const TOP = 10;
const unpacked = (name) => gunzipSync(readFileSync(join(flags.eval, name))).toString('utf8');

/** Every n-th item, so that about `count` are left, spread over all. */
function spread(items, count) {
  const step = Math.max(1, Math.floor(items.length / count));
  return items.filter((_, i) => i % step === 0).slice(0, count);
}

/** Rows of a CSV file with a header and two columns, the first of which can be quoted. */
function csvRows(name) {
  const lines = readFileSync(join(flags.eval, name), 'utf8').matchAll(
    /(?:"((?:[^"]|"")*)"|([^",\n]*)),([^,\n\r]+)\r?\n/g,
  );
  return [...lines]
    .slice(1)
    .map(([, quoted, plain, label]) => ({ text: (quoted ?? plain).replaceAll('""', '"').trim(), label }));
}

function banking77() {
  const train = csvRows('banking77/train.csv');
  const byLabel = rowsByLabel(train);
  const queries = spread(csvRows('banking77/test.csv'), QUERIES);
  return {
    corpus: train.map(({ text }) => text),
    queries: queries.map(({ text }) => text),
    relevant: queries.map(({ label }) => byLabel.get(label)),
  };
}

function rowsByLabel(rows) {
  const groups = new Map();
  for (const [i, { label }] of rows.entries()) {
    const group = groups.get(label);
    if (group === undefined) groups.set(label, [i]);
    else group.push(i);
  }
  return groups;
}

function requests() {
  const { corpus, queries, top10 } = JSON.parse(unpacked('retention-requests.json.gz'));
  return { corpus, queries, relevant: top10 };
}

const glosses = () => unpacked('glosses-train.txt.gz').trimEnd().split('\n').slice(0, 20_000);

function usage() {
  const corpus = [];
  const examples = [];
  for (const gloss of glosses()) {
    const [, sense, example] = /^([^"]+?); "([^"]+)"/.exec(gloss) ?? [];
    corpus.push(sense ?? gloss);
    if (example !== undefined && example.split(' ').length >= 4) examples.push([corpus.length - 1, example]);
  }
  const chosen = spread(examples, QUERIES);
  return { corpus, queries: chosen.map(([, example]) => example), relevant: chosen.map(([row]) => [row]) };
}

function names() {
  const corpus = glosses();
  const wordsOf = (text) => [...new Set(text.toLowerCase().match(/[a-z]{4,}/g) ?? [])];
  const counts = new Map();
  for (const gloss of corpus)
    for (const word of wordsOf(gloss)) counts.set(word, (counts.get(word) ?? 0) + 1);
  const rows = corpus.flatMap((gloss, row) => {
    const rare = wordsOf(gloss)
      .filter((word) => counts.get(word) <= 20)
      .sort((a, b) => counts.get(a) - counts.get(b));
    return rare.length >= 2 ? [[row, rare.slice(0, 2).join(' ')]] : [];
  });
  const chosen = spread(rows, QUERIES);
  return { corpus, queries: chosen.map(([, query]) => query), relevant: chosen.map(([row]) => [row]) };
}

function mixed() {
  const { corpus, queries, relevant } = names();
  return { corpus, queries: queries.map((words) => `where can I find something about ${words}`), relevant };
}

function writeSet(folder, { corpus, queries, relevant }) {
  mkdirSync(join(folder, 'qrels'), { recursive: true });
  const lines = (items) => items.map((item) => `${JSON.stringify(item)}\n`).join('');
  writeFileSync(
    join(folder, 'corpus.jsonl'),
    lines(corpus.map((text, i) => ({ _id: `d${i}`, title: '', text }))),
  );
  writeFileSync(join(folder, 'queries.jsonl'), lines(queries.map((text, i) => ({ _id: `q${i}`, text }))));
  const judged = relevant.flatMap((rows, i) => [...rows].map((row) => `q${i}\td${row}\t1\n`));
  writeFileSync(join(folder, 'qrels', 'test.tsv'), `query-id\tcorpus-id\tscore\n${judged.join('')}`);
}

/** Mean nDCG@10 with binary relevance. */
async function ndcg(index, { queries, relevant }, mode) {
  const results = await index.search(queries, { mode, limit: TOP, fields: [] });
  const gain = (ranks) => ranks.reduce((sum, rank) => sum + 1 / Math.log2(rank + 2), 0);
  const values = results.map(({ hits }, i) => {
    const wanted = new Set(relevant[i]);
    const ranks = hits.flatMap(({ id }, rank) => (wanted.has(id) ? [rank] : []));
    return gain(ranks) / gain(Array.from({ length: Math.min(TOP, wanted.size) }, (_, rank) => rank));
  });
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

const embedder = await Model2VecEmbeddingFunction.create({ modelSource: minilmL6 });
process.stdout.write(
  '| Set | Documents | Queries | dense | fullText | hybrid |\n| --- | ---: | ---: | ---: | ---: | ---: |\n',
);
for (const [name, build] of Object.entries({ banking77, requests, usage, names, mixed })) {
  const set = build();
  if (flags.output !== undefined) writeSet(join(flags.output, name), set);
  const index = await TextIndex.create({ embedder });
  await index.upsert(set.corpus.map((text, id) => ({ id, text })));
  const scores = [];
  for (const mode of ['dense', 'fullText', 'hybrid']) scores.push((await ndcg(index, set, mode)).toFixed(3));
  process.stdout.write(
    `| ${name} | ${set.corpus.length} | ${set.queries.length} | ${scores.join(' | ')} |\n`,
  );
}
await embedder.close();
