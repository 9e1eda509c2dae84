// Bundles src/browser.ts of the package in the current folder, with all packages that it needs, into the one file
// dist/browser.js: a page without a bundler loads it with <script type="module">, also from another origin.
//   node ../../scripts/bundle-browser-file.mjs
import { join } from 'node:path';
import { rolldown } from 'rolldown';

/** Conditional imports that differ from those of pages with a bundler. */
const REPLACED = { '#threads/worker-thread': 'src/threads/web/own-file-thread.ts' };

const bundle = await rolldown({
  input: 'src/browser.ts',
  platform: 'browser',
  resolve: {
    conditionNames: ['@model2vec-ts/source', 'browser', 'import', 'default'],
    extensionAlias: { '.js': ['.ts', '.js'] },
  },
  plugins: [
    { name: 'own-file', resolveId: (id) => (id in REPLACED ? join(process.cwd(), REPLACED[id]) : null) },
  ],
});
await bundle.write({
  file: 'dist/browser.js',
  format: 'esm',
  codeSplitting: false,
  minify: true,
  comments: { annotation: false, legal: true, jsdoc: false },
});
await bundle.close();
