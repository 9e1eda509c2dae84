// Bundles the package in the current folder: one file in dist/ per entry of its package.json, and one for shared code. A
// program then opens a handful of files instead of a hundred, which cuts the time to its first vector to a third. The
// compiler writes the declarations, one per module, into the same folder.
//   node ../../scripts/bundle-package.mjs [MODULE...] [--node MODULE...]
// The imports of each MODULE in src/ become one file, except those that an earlier MODULE has. Entries share modules in so
// many combinations that one file per combination would make a dozen, and every program would read most of them.
//
// Entries with a target for Node are bundled again into dist/node/. There a file costs a millisecond instead of a network
// request, so code that a browser loads on demand is included. A MODULE may then be `a+b`: modules that share one file with
// their imports.
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { rolldown } from 'rolldown';

const SOURCE = '@model2vec-ts/source';

const root = process.cwd();
const { exports, imports = {} } = JSON.parse(readFileSync('package.json', 'utf8'));
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { node: { type: 'string', multiple: true, default: [] } },
});

/** Returns every file that a target of package.json can resolve to. */
const filesOf = (target) => (typeof target === 'string' ? [target] : Object.values(target).flatMap(filesOf));
const entriesOf = (targets) =>
  Object.fromEntries(
    targets
      .map((target) => target[SOURCE])
      .filter((source) => source !== undefined)
      .flatMap(filesOf)
      .map((source) => [source.slice('./src/'.length, -'.ts'.length), source]),
  );
const moduleAt = (name) => join(root, 'src', `${name}.ts`);

/** Assigns modules to the requested files. */
function filesPlugin(asked, fileOf) {
  return {
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
      for (const names of asked) {
        const ids = names.split('+').map(moduleAt);
        const file = `${names.split('+')[0].split('/').at(-1)}-parts`;
        // A module that is imported on demand keeps its own file, with its own exports.
        const isWhole = ids.length > 1 || this.getModuleInfo(ids[0]).isEntry;
        take(isWhole ? ids : this.getModuleInfo(ids[0]).importedIds, file);
      }
    },
  };
}

const URL_OF_MODULE = /new URL\(\s*'(\.[^']*\.js)',\s*import\.meta\.url\s*\)/g;

/** Emits a chunk for each worker, which the code refers to only by URL. */
const moduleUrls = {
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
        // Entries keep the `new URL(…)` form, by which users' bundlers recognise a worker.
        if (this.getModuleInfo(importer)?.isEntry) continue;
        result += `${code.slice(end, match.index)}new URL(import.meta.ROLLUP_FILE_URL_${file})`;
        end = match.index + match[0].length;
      }
      return { code: result + code.slice(end), map: null };
    },
  },
};

/** Resolves the conditional imports of package.json for Node. */
const nodeImports = {
  name: 'node-imports',
  resolveId: (id) => (id in imports ? join(root, imports[id][SOURCE].default) : null),
};

async function write(dir, input, asked, plugins) {
  const fileOf = new Map();
  const bundle = await rolldown({
    input,
    // Other packages, Node's modules, and conditional imports.
    external: (id) => !/^[./]/.test(id) && !(plugins.includes(nodeImports) && id in imports),
    platform: 'neutral',
    preserveEntrySignatures: 'allow-extension',
    // In Node such imports are bundled on purpose.
    checks: { ineffectiveDynamicImport: !plugins.includes(nodeImports) },
    resolve: { extensionAlias: { '.js': ['.ts'] } },
    plugins: [...plugins, filesPlugin(asked, fileOf), moduleUrls],
  });
  const { output } = await bundle.write({
    dir,
    format: 'esm',
    sourcemap: true,
    // The sources are published too.
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
  return output.map(({ fileName }) => join(dir, fileName));
}

/** Whether a conditional import starts a worker. It is then bundled as an entry, so that it keeps its path. */
const startsWorker = ({ [SOURCE]: source }) =>
  readFileSync(source.default, 'utf8').search(URL_OF_MODULE) >= 0;
const forNode = Object.values(exports).filter(({ node }) => node !== undefined);
const nodeEntries = entriesOf([
  ...forNode,
  ...Object.values(imports)
    .filter(startsWorker)
    .map((target) => ({ [SOURCE]: target[SOURCE].default })),
]);
const written = new Set([
  ...(await write(
    'dist',
    entriesOf([...Object.values(exports), ...Object.values(imports)]),
    positionals,
    [],
  )),
  ...(forNode.length > 0 ? await write('dist/node', nodeEntries, values.node, [nodeImports]) : []),
]);

// Removes stale output of earlier builds, except declarations, which the compiler writes.
for (const entry of readdirSync('dist', { recursive: true, encoding: 'utf8' })) {
  const file = join('dist', entry);
  const isDeclaration = /\.d\.ts(\.map)?$/.test(file);
  const source = join('src', entry.replace(/\.d\.ts(\.map)?$/, '.ts'));
  if (isDeclaration ? !existsSync(source) : /\.js(\.map)?$/.test(file) && !written.has(file)) rmSync(file);
}
