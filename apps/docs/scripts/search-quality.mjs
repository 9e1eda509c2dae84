#!/usr/bin/env node
// Measures the site's search on the thirty questions of test/site-questions.jsonl: the reciprocal rank of the first section
// that answers, for each way to search, among the first 50 sections. Keyword search is MiniSearch with the settings of
// VitePress' local search, over the same sections. Needs the built site.
//   node scripts/search-quality.mjs [--questions] [--site DIR]
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { sitePassages } from '@model2vec-ts/site-search';
import { openSiteSearch } from '@model2vec-ts/site-search/browser';
import MiniSearch from 'minisearch';
import { docs } from './places.mjs';

const LIMIT = 50;
const { values } = parseArgs({
  options: { questions: { type: 'boolean' }, site: { type: 'string', default: join(docs, 'dist') } },
});
const questions = readFileSync(join(docs, 'test/site-questions.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line));

/** Name of a section in the list of questions. */
const sectionOf = (address) => address.replace(/\.html(?=#|$)/, '');

async function keywordSearch() {
  const sections = new Map();
  for await (const { url, anchor, title, headings, text } of sitePassages(values.site)) {
    const id = sectionOf(anchor === '' ? url : `${url}#${anchor}`);
    const path = [title, ...headings];
    const section = sections.get(id);
    if (section) section.text += ` ${text}`;
    else sections.set(id, { id, title: path.at(-1), titles: path.slice(0, -1).join(' '), text });
  }
  const index = new MiniSearch({
    fields: ['title', 'titles', 'text'],
    searchOptions: { fuzzy: 0.2, prefix: true, boost: { title: 4, text: 2, titles: 1 } },
  });
  index.addAll([...sections.values()]);
  return {
    search: (question) => index.search(question).map(({ id }) => id),
    bytes: gzipSync(JSON.stringify(index)).length,
  };
}

function siteSearch(mode) {
  return async (question) => {
    const site = await openSiteSearch('https://site.test/site-search/', {
      fetch: async (url) => new Response(await readFile(join(values.site, decodeURI(url.pathname)))),
    });
    const hits = await site.search(question, { mode, limit: LIMIT });
    return hits.map(({ url }) => sectionOf(decodeURI(url).slice('https://site.test/'.length)));
  };
}

const keyword = await keywordSearch();
const ways = {
  keyword: keyword.search,
  fullText: siteSearch('fullText'),
  dense: siteSearch('dense'),
  hybrid: siteSearch('hybrid'),
};
const ranks = {};
for (const [way, search] of Object.entries(ways)) {
  ranks[way] = [];
  for (const { question, answers } of questions) {
    const found = (await search(question)).slice(0, LIMIT);
    ranks[way].push(found.findIndex((section) => answers.includes(section)) + 1);
  }
}
if (values.questions) {
  for (const [i, { question }] of questions.entries()) {
    console.log(
      `${Object.keys(ways)
        .map((way) => String(ranks[way][i] || '-').padStart(9))
        .join('')}  ${question}`,
    );
  }
}
console.log('| Search | Mean reciprocal rank | First | Among the first three | Among the first ten |');
console.log('| --- | ---: | ---: | ---: | ---: |');
for (const [way, list] of Object.entries(ranks)) {
  const mean = list.reduce((sum, rank) => sum + (rank > 0 ? 1 / rank : 0), 0) / list.length;
  const within = (most) => list.filter((rank) => rank > 0 && rank <= most).length;
  console.log(`| ${way} | ${mean.toFixed(3)} | ${within(1)} | ${within(3)} | ${within(10)} |`);
}
console.log(
  `The index of keyword search: ${Math.round(keyword.bytes / 1000)} kB (gzip), all of it for the first query.`,
);
