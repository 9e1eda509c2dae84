// Writes what language models read: the Markdown of each page beside it, and llms.txt, which lists the pages.
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { descriptionOf } from './description.mjs';

/** Writes the files into a built site. `content` is the folder of its Markdown, `base` the path of the site on its server. */
export function writePlainPages(site, content, base) {
  for (const file of readdirSync(content, { recursive: true })) {
    if (!file.endsWith('.md')) continue;
    mkdirSync(dirname(join(site, file)), { recursive: true });
    copyFileSync(join(content, file), join(site, file));
  }
  const groups = JSON.parse(readFileSync(join(content, 'sidebar.json'), 'utf8'));
  const lines = [
    '# model2vec-ts',
    '',
    "> Model2Vec static embeddings for TypeScript: Python's vectors in Node and in the browser.",
  ];
  for (const { text, items } of groups) {
    lines.push('', `## ${text}`, '');
    for (const item of items.flatMap(withItems)) {
      const page = item.link.endsWith('/') ? `${item.link}index.md` : `${item.link}.md`;
      const text = readFileSync(join(content, page), 'utf8');
      const description = /^description: "(.*)"$/m.exec(text)?.[1] ?? descriptionOf(text);
      lines.push(`- [${item.text}](${base}${page.slice(1)})${description === '' ? '' : `: ${description}`}`);
    }
  }
  writeFileSync(join(site, 'llms.txt'), `${lines.join('\n')}\n`);
}

const withItems = (item) => [
  ...(item.link === undefined ? [] : [item]),
  ...(item.items ?? []).flatMap(withItems),
];
