// Copies the repository's Markdown into the site's content: guides, decisions, contributor pages and READMEs stay
// where readers of the repository expect them, and their links are rewritten for the site.
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, extname, join, posix } from 'node:path';
import { changelogPage } from './changelog.mjs';
import { siteMarkdown } from './markdown.mjs';
import { packageGraph, packageTable } from './package-graph.mjs';
import { content, docs, packagesAsPresented, publishedPackages, root } from './places.mjs';
import { wordMap } from './word-map.mjs';

/** Guides in reading order, grouped by subject. Unlisted guides come last. */
const GUIDES = {
  Start: ['get-started', 'comparison', 'from-python', 'troubleshooting'],
  Models: ['choosing-a-form', 'make-a-model', 'model-quality', 'text-policy', 'hub', 'offline'],
  'Where it runs': [
    'browser',
    'browsers-and-bundlers',
    'react',
    'browser-extension',
    'electron',
    'deployment',
    'server',
    'frameworks',
  ],
  Search: ['answers-from-your-texts', 'milvus', 'bulk-import', 'agents'],
  'How it works': [
    'kernels',
    'write-your-own-kernel',
    'tokenizers',
    'performance',
    'security',
    'verification',
  ],
  'More guides': [],
};

/** Maps each Markdown file to its page of the site, both as paths with slashes. */
export function pagesOfRepository() {
  const pages = new Map([
    ['README.md', 'overview.md'],
    ['CONTRIBUTING.md', 'contributing/index.md'],
  ]);
  for (const section of readdirSync(join(root, 'docs'), { withFileTypes: true })) {
    if (!section.isDirectory()) continue;
    for (const file of readdirSync(join(root, 'docs', section.name))) {
      if (!file.endsWith('.md')) continue;
      const isIndex = file === 'README.md' && section.name !== 'contributing';
      pages.set(`docs/${section.name}/${file}`, `${section.name}/${isIndex ? 'index.md' : file}`);
    }
  }
  for (const name of existsSync(join(root, 'examples')) ? readdirSync(join(root, 'examples')) : []) {
    const readme = `examples/${name}/README.md`;
    if (existsSync(join(root, readme))) pages.set(readme, `examples/${name}.md`);
  }
  for (const { folder, name } of publishedPackages()) {
    if (existsSync(join(root, folder, 'README.md')))
      pages.set(`${folder}/README.md`, `packages/${name}/index.md`);
  }
  return pages;
}

/**
 * Copies every page, including the site's own, and writes `sidebar.json`, which the configuration reads. A broken link is an
 * error, unless the pages are `unfinished`.
 */
export async function gather({ unfinished = false } = {}) {
  const picture = await wordMap();
  const pages = pagesOfRepository();
  const { repository } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const missing = [];
  const titles = new Map();
  for (const [source, page] of pages) {
    const text = readFileSync(join(root, source), 'utf8');
    const link = (target) => linkOf(target, source, pages, repository?.url ?? repository, missing);
    write(page, siteMarkdown(withInstallNote(text), link));
    titles.set(page, /^# +(.+)$/m.exec(text)?.[1] ?? page);
  }
  write(
    'changelog.md',
    siteMarkdown(await changelogPage(), (target) => target),
  );
  const dated = [...pages.values()].filter((page) => /^decisions\/\d/.test(page)).sort();
  const list = dated.map((page) => `- [${titles.get(page)}](/${page}), ${page.slice(10, 20)}`);
  append('decisions/index.md', `\n${list.join('\n')}\n`);
  if (missing.length > 0) {
    const message = `links that lead nowhere:\n${missing.join('\n')}`;
    if (!unfinished) throw new Error(message);
    console.warn(message);
  }

  for (const file of readdirSync(join(docs, 'pages'))) {
    write(
      file,
      readFileSync(join(docs, 'pages', file), 'utf8')
        .replace('<!-- package graph -->', () => packageGraph())
        .replace('<!-- package table -->', () => packageTable())
        .replace('<!-- first example -->', () => firstExample())
        .replace('<!-- word map -->', () => picture)
        .replace('<!-- figures -->', () => figures())
        .replace('<!-- comparison -->', () => comparison())
        .replace('<!-- install note -->', () => installNote()),
    );
  }
  cpSync(join(docs, 'public'), join(content, 'public'), { recursive: true });
  write('sidebar.json', JSON.stringify(sidebarOf(pages, titles)));
}

/** Returns the first example of the repository's README and its output, both of which continuous integration checks. */
function firstExample() {
  const block = /```ts run\n[\s\S]*?\n```\n\n```text prints\n[\s\S]*?\n```/.exec(
    readFileSync(join(root, 'README.md'), 'utf8'),
  )?.[0];
  if (block === undefined)
    throw new Error('README.md has no example that is marked `ts run` and followed by what it prints');
  return block.replace('```ts run', '```ts').replace('```text prints', '```text');
}

/** Returns how to install the packages until npm has them. */
function installNote() {
  const isPublished = publishedPackages().every(({ manifest }) => manifest.version !== '0.0.0');
  if (isPublished) return '';
  return '::: info Not published yet\nUntil npm has the packages, [install them from a clone](/guides/get-started#install).\n:::\n';
}

/** Adds {@link installNote} after the first install command of a page that does not mention the tarballs itself. */
function withInstallNote(text) {
  if (text.includes('tarballs')) return text;
  const block = /^```sh\n(?:(?!```).*\n)*?(?!```).*(?:npm install|npx).* @model2vec-ts\/(?:.*\n)*?```\n/m;
  return text.replace(block, (commands) => `${commands}\n${installNote()}`);
}

/** Returns the table of size and speed of the guide that compares libraries. */
function comparison() {
  const guide = readFileSync(join(root, 'docs/guides/comparison.md'), 'utf8');
  const table = /^## Size and speed\n[\s\S]*?\n(\|[\s\S]*?)\n\n/m.exec(guide)?.[1];
  if (table === undefined) throw new Error('docs/guides/comparison.md has no table of size and speed');
  return table;
}

/** Returns the README's speed figures as a list, or nothing if the table has changed. */
function figures() {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const row = /^\| \*\*this project\*\* *\|([^|]+)\|([^|]+)\|([^|]+)\|([^|]+)\|/m.exec(readme);
  if (row === null) return '';
  const names = [
    'short texts a second, on one thread',
    'of them with int8',
    'for one text',
    'from import to the first vector',
  ];
  const items = names.map((name, i) => `<div><dt>${name}</dt><dd>${row[i + 1].trim()}</dd></div>`);
  return `<dl class="home-figures">${items.join('')}</dl>`;
}

/** Resolves a link for the site; `undefined` if it points to a repository file without a page. */
function linkOf(target, source, pages, repository, missing) {
  if (/^(?:[a-z]+:|#|\/)/i.test(target)) return target;
  const [path, hash] = target.split('#');
  const file = posix.normalize(posix.join(posix.dirname(source), decodeURI(path))).replace(/\/$/, '');
  const anchor = hash === undefined ? '' : `#${hash}`;
  const page = pages.get(file) ?? pages.get(`${file}/README.md`);
  if (page !== undefined) return `/${page.replace(/index\.md$/, '')}${anchor}`;
  const folder = /^docs\/([^/]+)$/.exec(file);
  if (folder && [...pages.values()].some((page) => page === `${folder[1]}/index.md`)) return `/${folder[1]}/`;
  const at = join(root, file);
  if (!existsSync(at)) {
    missing.push(`${source}: ${target}`);
    return undefined;
  }
  const isFile = statSync(at).isFile();
  if (isFile && ['.svg', '.png', '.jpg', '.gif', '.webp'].includes(extname(file))) {
    const copy = join(content, 'public/files', file);
    mkdirSync(dirname(copy), { recursive: true });
    copyFileSync(at, copy);
    return `/files/${file}`;
  }
  const address = repository?.replace(/^git\+/, '').replace(/\.git$/, '');
  return address && `${address}/${isFile ? 'blob' : 'tree'}/main/${file}${anchor}`;
}

function sidebarOf(pages, titles) {
  const of = (section) => [...pages.values()].filter((page) => page.startsWith(`${section}/`));
  const item = (page) => ({
    text: plain(titles.get(page)),
    link: `/${page.replace(/(?:index)?\.md$/, '')}`,
  });
  const guides = new Map(of('guides').map((page) => [posix.basename(page, '.md'), item(page)]));
  const groups = Object.entries(GUIDES).map(([text, names]) => ({
    text,
    items: names.flatMap((name) => guides.get(name) ?? []),
  }));
  const named = new Set(Object.values(GUIDES).flat());
  const more = [...guides].filter(([name]) => !named.has(name)).map(([, guide]) => guide);
  groups.at(-1).items.push(...more.sort((a, b) => a.text.localeCompare(b.text)));
  groups[0].items.unshift({ text: 'Overview', link: '/overview' }, { text: 'Demo', link: '/demo' });
  const packages = packagesAsPresented()
    .filter(({ folder }) => pages.has(`${folder}/README.md`))
    .map(({ name }) => ({ text: name, link: `/packages/${name}/` }));
  const indexFirst = (section) =>
    of(section).sort(
      (a, b) => Number(b.endsWith('index.md')) - Number(a.endsWith('index.md')) || a.localeCompare(b),
    );
  const known = ['guides', 'decisions', 'contributing', 'packages'];
  const others = new Set(
    [...pages.values()].filter((page) => page.includes('/')).map((page) => page.split('/')[0]),
  );
  for (const section of known) others.delete(section);
  return [
    ...groups.filter(({ items }) => items.length > 0),
    ...[...others].map((section) => ({
      text: section[0].toUpperCase() + section.slice(1),
      items: indexFirst(section).map(item),
    })),
    { text: 'Packages', items: packages },
    {
      text: 'How it is made',
      items: [
        { text: 'Architecture', link: '/architecture' },
        {
          text: 'Decisions',
          link: '/decisions/',
          collapsed: true,
          items: indexFirst('decisions').slice(1).map(item),
        },
        {
          text: 'Contributing',
          link: '/contributing/',
          collapsed: true,
          items: indexFirst('contributing').slice(1).map(item),
        },
      ],
    },
  ];
}

/** Adds the site's own parts to a page of the repository. */
function append(page, text) {
  const file = join(content, page);
  if (existsSync(file)) write(page, readFileSync(file, 'utf8') + text);
}

/** Removes Markdown's marks from a title. */
function plain(title) {
  return title.replaceAll(/[`*]/g, '').replaceAll(/\[([^\]]+)\]\([^)]*\)/g, '$1');
}

/** Writes a page only if it changed, so that a watching server reloads nothing else. */
function write(page, text) {
  const file = join(content, page);
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
