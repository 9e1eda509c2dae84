// Bundles the package in the current folder: one file in dist/ for each entry of its package.json, and one for what
// entries share. A program opens a handful of files instead of a hundred, which takes a third of the time to its first
// vector. Declarations are the compiler's, beside it, one for each module.
//   node ../../scripts/bundle-package.mjs [MODULE...]
// What a MODULE of src/ imports becomes one file, less what a MODULE before it has. Entries share modules in so many
// combinations that a file for each combination would be a dozen, of which every program that starts reads most.
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

/** The file of each module that is in one of those. */
const fileOf = new Map();

const URL_OF_MODULE = /new URL\(\s*'(\.[^']*\.js)',\s*import\.meta\.url\s*\)/g;

const bundle = await rolldown({
  input: entries,
  // Other packages, Node's modules, and what package.json chooses by condition.
  external: (id) => !/^[./]/.test(id),
  platform: 'neutral',
  preserveEntrySignatures: 'allow-extension',
  resolve: { extensionAlias: { '.js': ['.ts'] } },
  plugins: [
    {
      name: 'files',
      buildEnd() {
        const take = (ids, file) => {
          for (const id of ids) {
            const module = this.getModuleInfo(id);
            if (module === null || module.isExternal || fileOf.has(id)) continue;
            fileOf.set(id, file);
            take(module.importedIds, file);
          }
        };
        for (const name of process.argv.slice(2)) {
          const id = join(root, 'src', `${name}.ts`);
          const { isEntry, importedIds } = this.getModuleInfo(id);
          // What is imported when it is needed keeps a file of its own, whose exports are what it exports.
          take(isEntry ? [id] : importedIds, `${name.split('/').at(-1)}-parts`);
        }
      },
    },
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
  minifyInternalExports: false,
  codeSplitting: {
    includeDependenciesRecursively: false,
    groups: [{ debugName: 'files', name: (id) => fileOf.get(id) ?? null }],
  },
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
