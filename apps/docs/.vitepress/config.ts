import { readFileSync } from 'node:fs';
import { indexVitePress } from '@model2vec-ts/site-search/vitepress';
import { defineConfig, type HeadConfig, type MarkdownRenderer } from 'vitepress';
import { descriptionOf } from '../scripts/description.mjs';
import { fontForWideScreens, startLate } from '../scripts/late-start.mjs';

interface Item {
  readonly text: string;
  readonly link?: string;
  readonly collapsed?: boolean;
  readonly items?: Item[];
}

const { DOCS_BASE, DOCS_ORIGIN } = process.env;
/** Base path of the site on its server. */
const base: `/${string}/` | '/' = DOCS_BASE ? (`/${DOCS_BASE.replaceAll(/^\/|\/$/g, '')}/` as const) : '/';

// scripts/build-site.mjs writes both before VitePress starts.
const groups: Item[] = contents('sidebar.json');
// Every item costs a page time to start, so guides do not list the decisions and the pages for contributors.
const guides = groups.slice(0, -1);
const making = groups.slice(-1);
/** Sidebars of the reference, by the path whose pages show them. */
const reference: Record<string, Item[]> = contents('reference/sidebar.json');

function contents<T>(file: string): T {
  return JSON.parse(readFileSync(contentFile(file), 'utf8'));
}

function contentFile(path: string): URL {
  return new URL(`../content/${path}`, import.meta.url);
}

/** Lets the title of a page, which may be one long name of the reference, break between the name's words on a phone. */
function breakLongNames(markdown: MarkdownRenderer): void {
  const { escapeHtml } = markdown.utils;
  markdown.core.ruler.push('break-long-names', ({ tokens }) => {
    const start = tokens.findIndex(({ type, tag }) => type === 'heading_open' && tag === 'h1');
    for (const token of tokens[start + 1]?.children ?? []) token.meta = { isTitle: true };
  });
  markdown.renderer.rules.text = (tokens, i) => {
    const { content, meta } = tokens[i]!;
    const text = escapeHtml(content);
    return meta?.isTitle ? text.replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, '<wbr>') : text;
  };
}

/** Makes the empty corner of a table a plain cell: screen readers would announce a header without a name. */
function leaveEmptyHeads(markdown: MarkdownRenderer): void {
  markdown.core.ruler.push('leave-empty-heads', ({ tokens }) => {
    tokens.forEach((token, i) => {
      if (token.type !== 'th_open' || tokens[i + 1]?.content.trim() !== '') return;
      token.tag = 'td';
      tokens[i + 2]!.tag = 'td';
    });
  });
}

export default defineConfig({
  base,
  srcDir: 'content',
  outDir: 'dist',
  cacheDir: '.vitepress/cache',
  lang: 'en',
  title: 'model2vec-ts',
  description:
    "Model2Vec static embeddings for TypeScript: Python's vectors in Node and the browser, with no API key, no native add-on and no ONNX.",
  head: [
    ['link', { rel: 'icon', type: 'image/svg+xml', href: `${base}mark.svg` }],
    ['link', { rel: 'apple-touch-icon', href: `${base}touch-icon.png` }],
    ['meta', { name: 'theme-color', content: '#0f6b66' }],
    // Its button needs scripts.
    ['noscript', {}, '<style>.site-search{visibility:hidden}</style>'],
  ],
  // Search engines and social cards need whole addresses.
  ...(DOCS_ORIGIN !== undefined && { sitemap: { hostname: `${DOCS_ORIGIN}${base}` } }),
  buildEnd: indexVitePress(),
  transformPageData(page) {
    if (page.frontmatter.description !== undefined || page.isNotFound) return;
    page.description = descriptionOf(readFileSync(contentFile(page.filePath), 'utf8'));
  },
  transformHead({ title, description }) {
    return [
      ['meta', { property: 'og:type', content: 'website' }],
      ['meta', { property: 'og:title', content: title }],
      ['meta', { property: 'og:description', content: description }],
      // Social networks take whole addresses only.
      ...(DOCS_ORIGIN === undefined
        ? []
        : [
            ['meta', { property: 'og:image', content: `${DOCS_ORIGIN}${base}card.png` }] as HeadConfig,
            ['meta', { name: 'twitter:card', content: 'summary_large_image' }] as HeadConfig,
          ]),
    ];
  },
  transformHtml(html, _file, { page }) {
    // VitePress renders this page in the browser only.
    return startLate(fontForWideScreens(html), { isUrgent: page === '404.md' });
  },
  markdown: {
    theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
    config(markdown) {
      breakLongNames(markdown);
      leaveEmptyHeads(markdown);
    },
    // Loaded before the first page, because a language colours others that are embedded in it only if they are loaded.
    languages: ['css', 'docker', 'html', 'ini', 'js', 'json', 'python', 'sh', 'toml', 'ts', 'tsx', 'yaml'],
    // On a busy machine Shiki would give up on a line after 500 ms, so two builds would differ.
    shikiSetup(highlighter) {
      const { codeToHtml } = highlighter;
      highlighter.codeToHtml = (code, options) => codeToHtml(code, { ...options, tokenizeTimeLimit: 0 });
    },
  },
  themeConfig: {
    logo: { src: '/mark.svg', alt: '' },
    nav: [
      { text: 'Guides', link: '/overview', activeMatch: '/(overview|guides|packages)' },
      { text: 'Reference', link: '/reference/', activeMatch: '/reference/' },
      { text: 'Demo', link: '/demo' },
      { text: 'Changelog', link: '/changelog' },
      { text: 'Architecture', link: '/architecture', activeMatch: '/(architecture|decisions|contributing)' },
    ],
    sidebar: {
      ...reference,
      '/architecture': making,
      '/decisions/': making,
      '/contributing/': making,
      '/': guides,
    },
    outline: { level: [2, 3] },
    docFooter: { prev: 'Previous', next: 'Next' },
    footer: {
      message: 'MIT licence. The bundled model is Apache-2.0. Nothing that you type leaves your browser.',
    },
  },
  vite: {
    // The demo uses the published form of the packages.
    optimizeDeps: {
      exclude: [
        '@model2vec-ts/embedding-function',
        '@model2vec-ts/model-minilm-l6-64',
        '@model2vec-ts/site-search',
        '@model2vec-ts/tokenizer',
      ],
    },
    build: { target: 'es2022', chunkSizeWarningLimit: 4000 },
    worker: { format: 'es' },
  },
});
