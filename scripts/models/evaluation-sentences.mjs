#!/usr/bin/env node
// Prints the sentences that a list of texts shares with evaluation sets, for evaluation-sentences.txt:
//   node scripts/models/evaluation-sentences.mjs TEXTS SET…
//   TEXTS  file of texts, a line each, such as .cache/model-texts.txt of make-models.mjs without the list
//   SET    gzipped JSON, or CSV with a sentence in the first column
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { wordsOf } from './text-readers.mjs';

const [texts, ...sets] = process.argv.slice(2);
if (sets.length === 0) {
  console.error('give a file of texts and at least one evaluation set');
  process.exit(2);
}
const evaluated = new Set();
for (const set of sets) {
  const bytes = readFileSync(set);
  if (set.endsWith('.csv'))
    for (const line of bytes.toString('utf8').split('\n'))
      evaluated.add(wordsOf(line.replace(/,[^,]*$/, '')));
  else collect(JSON.parse(gunzipSync(bytes).toString('utf8')));
}
const shared = readFileSync(texts, 'utf8')
  .split('\n')
  .map(wordsOf)
  .filter((words) => words !== '' && evaluated.has(words));
console.log([...new Set(shared)].sort().join('\n'));

function collect(value) {
  if (typeof value === 'string') evaluated.add(wordsOf(value));
  else if (typeof value === 'object' && value !== null) Object.values(value).forEach(collect);
}
