// Bundles the program into dist/: m2v.js, which every call reads, and one file per command and per set of modules that
// commands share. A call then opens a dozen files instead of seventy, which saves half of the time to its first line.
// Other packages stay outside, except those that every call needs; dist/notices.txt holds the notices of these.
import { chmodSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, isAbsolute, join, relative } from 'node:path';
import { rolldown } from 'rolldown';

/** Imported at every start. Opening and linking their CommonJS files takes longer than the rest of the start. */
const BUNDLED = ['commander', 'picocolors'];
/** A module of our own packages without state, in five files that most commands would open. */
const BUNDLED_OWN = ['@model2vec-ts/server/float32-json'];
/** Packages that every command with an embedder needs. */
const EMBEDDING = ['@model2vec-ts/embedding-function', '@model2vec-ts/model-minilm-l6'];
/** Loaded with 3 to 7 ms each, and needed by few calls. */
const LAZY = ['node:child_process', 'node:crypto', 'node:stream/promises', 'node:zlib'];
/** Number of commands that must need a module before every command reads it. */
const COMMON = 3;

/**
 * File of each module that several commands need: one for those that need no other package, because these take long to
 * load, and one for those that only need the packages of an embedder.
 */
const files = new Map();

const commonModules = {
  name: 'common-modules',
  buildEnd() {
    const isOutside = (id) =>
      !(isAbsolute(id) || id.startsWith('\0')) || this.getModuleInfo(id)?.isExternal === true;
    /** Adds everything that a module imports statically, and itself. */
    const reach = (id, reached = new Set()) => {
      if (reached.has(id)) return reached;
      reached.add(id);
      if (!isOutside(id)) for (const imported of this.getModuleInfo(id).importedIds) reach(imported, reached);
      return reached;
    };
    const fileOf = (id) => {
      const outside = [...reach(id)].filter((each) => !each.startsWith('node:') && isOutside(each));
      if (outside.length === 0) return 'common';
      return outside.every((each) => EMBEDDING.includes(each)) ? 'embedding' : undefined;
    };
    const modules = [...this.getModuleIds()];
    const commands = modules.filter((id) => this.getModuleInfo(id).dynamicImporters.length > 0);
    const reached = commands.map((command) => reach(command));
    for (const id of modules) {
      const users = reached.filter((ids) => ids.has(id)).length;
      const file = users >= COMMON && !isOutside(id) ? fileOf(id) : undefined;
      if (file !== undefined) files.set(id, file);
    }
  },
};

/** Makes functions of Node's modules load their module when they are called. */
const lazyBuiltins = {
  name: 'lazy-builtins',
  resolveId: (id) => (LAZY.includes(id) ? `\0lazy:${id}` : null),
  async load(id) {
    if (!id.startsWith('\0lazy:')) return null;
    const name = id.slice('\0lazy:'.length);
    const functions = Object.entries(await import(name)).filter(
      ([key, value]) => typeof value === 'function' && /^[a-z]/.test(key) && key !== 'default',
    );
    return functions
      .map(([key]) => `export const ${key} = (...all) => process.getBuiltinModule('${name}').${key}(...all);`)
      .join('\n');
  },
};

const bundle = await rolldown({
  input: { m2v: 'src/m2v.ts' },
  platform: 'node',
  external: (id) => !/^[./\0]/.test(id) && ![...BUNDLED, ...BUNDLED_OWN, ...LAZY].includes(id),
  plugins: [lazyBuiltins, commonModules],
  preserveEntrySignatures: 'allow-extension',
  resolve: { extensionAlias: { '.js': ['.ts'] } },
});
const { output } = await bundle.write({
  dir: 'dist',
  format: 'esm',
  sourcemap: true,
  // The sources are published too.
  sourcemapExcludeSources: true,
  entryFileNames: '[name].js',
  chunkFileNames: 'shared/[name].js',
  codeSplitting: {
    includeDependenciesRecursively: false,
    groups: [{ debugName: 'common', name: (id) => files.get(id) ?? null }],
  },
  comments: { annotation: true, legal: true, jsdoc: false },
});
await bundle.close();
// The bundler writes plain files; the program must be one that a shell starts.
chmodSync('dist/m2v.js', 0o755);

const notices = BUNDLED.map((name) => {
  const text = readFileSync(join('node_modules', name, 'LICENSE'), 'utf8');
  return `${name}\n\n${text}`;
});
writeFileSync('dist/notices.txt', notices.join('\n\n'));

// The package holds its own sources, but not those of bundled packages, so the maps contain these.
for (const { fileName } of output.filter((each) => each.type === 'asset' && each.fileName.endsWith('.map'))) {
  const file = join('dist', fileName);
  const map = JSON.parse(readFileSync(file, 'utf8'));
  const isOwn = (source) => /^(\.\.\/)+src\//.test(source);
  map.sourcesContent = map.sources.map((source) =>
    isOwn(source) ? null : readFileSync(join(dirname(file), source), 'utf8'),
  );
  writeFileSync(file, JSON.stringify(map));
}

// Removes the output of earlier builds last, because tests or a server may be running the program.
const written = new Set(['notices.txt', ...output.map(({ fileName }) => fileName)]);
for (const entry of readdirSync('dist', { recursive: true, withFileTypes: true })) {
  const file = join(entry.parentPath, entry.name);
  if (entry.isFile() && !written.has(relative('dist', file))) rmSync(file);
}
