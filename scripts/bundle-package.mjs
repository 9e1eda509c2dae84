// Bundles the package in the current folder: one file in dist/ for each entry of its package.json, and one for what
// entries share. A program opens a handful of files instead of a hundred, which takes a third of the time to its first
// vector. Declarations are the compiler's, beside it, one for each module.
//   node ../../scripts/bundle-package.mjs [MODULE...] [--node MODULE...]
// What a MODULE of src/ imports becomes one file, less what a MODULE before it has. Entries share modules in so many
// combinations that a file for each combination would be a dozen, of which every program that starts reads most.
//
// Where entries have a target for Node, these are bundled again, in dist/node/: there each file costs a millisecond and
// not the network, so that what a browser had better fetch later comes at once. A MODULE is then `a+b`, modules that
// become one file with what they import.
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

/** All files that a target of package.json can lead to. */
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

/** Says which file each module goes to that is in one of those asked for. */
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
        // What is imported when it is needed keeps a file of its own, whose exports are what it exports.
        const isWhole = ids.length > 1 || this.getModuleInfo(ids[0]).isEntry;
        take(isWhole ? ids : this.getModuleInfo(ids[0]).importedIds, file);
      }
    },
  };
}

const URL_OF_MODULE = /new URL\(\s*'(\.[^']*\.js)',\s*import\.meta\.url\s*\)/g;

/** A worker is a program of its own, to which only an address leads. */
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
        // An entry keeps its place, and the form by which programs' own bundlers know a worker.
        if (this.getModuleInfo(importer)?.isEntry) continue;
        result += `${code.slice(end, match.index)}new URL(import.meta.ROLLUP_FILE_URL_${file})`;
        end = match.index + match[0].length;
      }
      return { code: result + code.slice(end), map: null };
    },
  },
};

/** What package.json chooses by condition, chosen for Node. */
const nodeImports = {
  name: 'node-imports',
  resolveId: (id) => (id in imports ? join(root, imports[id][SOURCE].default) : null),
};

async function write(dir, input, asked, plugins) {
  const fileOf = new Map();
  const bundle = await rolldown({
    input,
    // Other packages, Node's modules, and what package.json chooses by condition.
    external: (id) => !/^[./]/.test(id) && !(plugins.includes(nodeImports) && id in imports),
    platform: 'neutral',
    preserveEntrySignatures: 'allow-extension',
    // That is what it is for in Node.
    checks: { ineffectiveDynamicImport: !plugins.includes(nodeImports) },
    resolve: { extensionAlias: { '.js': ['.ts'] } },
    plugins: [...plugins, filesPlugin(asked, fileOf), moduleUrls],
  });
  const { output } = await bundle.write({
    dir,
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
  return output.map(({ fileName }) => join(dir, fileName));
}

/** What starts a worker: an entry, too, so that it keeps its place. */
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

// What an earlier build left behind; declarations are the compiler's.
for (const entry of readdirSync('dist', { recursive: true, encoding: 'utf8' })) {
  const file = join('dist', entry);
  const isDeclaration = /\.d\.ts(\.map)?$/.test(file);
  const source = join('src', entry.replace(/\.d\.ts(\.map)?$/, '.ts'));
  if (isDeclaration ? !existsSync(source) : /\.js(\.map)?$/.test(file) && !written.has(file)) rmSync(file);
}
