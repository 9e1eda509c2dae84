// Bundles the package in the current folder: one file in dist/ for each entry of its package.json, and one for what
// entries share. A program opens a handful of files instead of a hundred, which takes a third of the time to its first
// vector. Declarations are the compiler's, beside it, one for each module.
//   node ../../scripts/bundle-package.mjs
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { rolldown } from 'rolldown';

const root = process.cwd();
const { exports, imports = {} } = JSON.parse(readFileSync('package.json', 'utf8'));

/** All files that a target of package.json can lead to. */
const filesOf = (target) => (typeof target === 'string' ? [target] : Object.values(target).flatMap(filesOf));

const sources = [...Object.values(exports), ...Object.values(imports)]
  .map((target) => target['@model2vec-ts/source'])
  .filter((source) => source !== undefined)
  .flatMap(filesOf);
const entries = Object.fromEntries(
  sources.map((source) => [source.slice('./src/'.length, -'.ts'.length), source]),
);

const URL_OF_MODULE = /new URL\(\s*'(\.[^']*\.js)',\s*import\.meta\.url\s*\)/g;

const bundle = await rolldown({
  input: entries,
  // Other packages, Node's modules, and what package.json chooses by condition.
  external: (id) => !/^[./]/.test(id),
  platform: 'neutral',
  resolve: { extensionAlias: { '.js': ['.ts'] } },
  plugins: [
    {
      // A worker is a program of its own, to which only an address leads.
      name: 'module-urls',
      transform: {
        filter: { code: URL_OF_MODULE },
        async handler(code, importer) {
          let result = '';
          let end = 0;
          for (const match of code.matchAll(URL_OF_MODULE)) {
            const module = await this.resolve(match[1], importer);
            const fileName = relative(join(root, 'src'), module.id).replace(/\.ts$/, '.js');
            const file = this.emitFile({ type: 'chunk', id: module.id, fileName });
            // An entry keeps its place, and the form by which programs' own bundlers know a worker.
            if (this.getModuleInfo(importer)?.isEntry) continue;
            result += `${code.slice(end, match.index)}new URL(import.meta.ROLLUP_FILE_URL_${file})`;
            end = match.index + match[0].length;
          }
          return { code: result + code.slice(end), map: null };
        },
      },
    },
  ],
});
const { output } = await bundle.write({
  dir: 'dist',
  format: 'esm',
  sourcemap: true,
  // They are published beside it.
  sourcemapExcludeSources: true,
  entryFileNames: '[name].js',
  chunkFileNames: 'shared/[name].js',
  comments: { annotation: true, legal: true, jsdoc: false },
});
await bundle.close();

// What an earlier build left behind; declarations are the compiler's.
const written = new Set(output.map(({ fileName }) => join('dist', fileName)));
for (const entry of readdirSync('dist', { recursive: true, encoding: 'utf8' })) {
  const file = join('dist', entry);
  const isDeclaration = /\.d\.ts(\.map)?$/.test(file);
  const source = join('src', entry.replace(/\.d\.ts(\.map)?$/, '.ts'));
  if (isDeclaration ? !existsSync(source) : /\.js(\.map)?$/.test(file) && !written.has(file)) rmSync(file);
}
