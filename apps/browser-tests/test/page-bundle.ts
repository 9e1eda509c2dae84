import { mkdir, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { type OutputChunk, rolldown } from 'rolldown';

/** A page's program, bundled and minified from the published packages, with a file per dynamic import. */
export interface PageBundle {
  /** Code of every file by name. */
  readonly files: ReadonlyMap<string, string>;
  /** Bytes after gzip that a page loads before the program runs. */
  readonly atFirst: number;
  /** Runs the program's `runPage` in Node and returns the bytes after gzip of all files that it loaded. */
  run(...args: readonly unknown[]): Promise<number>;
  remove(): Promise<void>;
}

declare global {
  var runPage: (...args: readonly unknown[]) => unknown;
}

const ENTRY = 'page.js';

/** Global in which a file records that it was loaded. */
const LOADED = Symbol.for('@model2vec-ts/browser-tests/loaded');

/**
 * @param program - a module that imports packages by name and sets `globalThis.runPage`. An export instead would prevent
 *   bundlers from merging an entry with its imports
 */
export async function bundlePage(name: string, program: string): Promise<PageBundle> {
  const source = fileURLToPath(new URL(`../src/${name}.js`, import.meta.url));
  const bundle = await rolldown({
    input: { page: source },
    platform: 'browser',
    resolve: { conditionNames: ['browser', 'import', 'default'] },
    plugins: [
      {
        name: 'program',
        resolveId: (id) => (id === source ? id : null),
        load: (id) => (id === source ? program : null),
      },
    ],
  });
  const { output } = await bundle.generate({ format: 'esm', minify: true, entryFileNames: ENTRY });
  await bundle.close();
  const chunks = new Map<string, OutputChunk>();
  for (const file of output) if (file.type === 'chunk') chunks.set(file.fileName, file);

  const folder = new URL(`../.cache/${name}-${process.pid}/`, import.meta.url);
  const sizeOf = (names: Iterable<string>): number =>
    [...names].reduce((sum, each) => sum + gzipSync(chunks.get(each)!.code, { level: 9 }).length, 0);
  return {
    files: new Map([...chunks].map(([each, { code }]) => [each, code])),
    atFirst: sizeOf(withImports(ENTRY, chunks)),
    async run(...args) {
      const loaded = new Set<string>();
      Object.assign(globalThis, { [LOADED]: loaded });
      await mkdir(folder, { recursive: true });
      for (const [each, { code }] of chunks) {
        const note = `globalThis[Symbol.for(${JSON.stringify(Symbol.keyFor(LOADED))})].add(${JSON.stringify(each)});\n`;
        await writeFile(new URL(each, folder), note + code);
      }
      await import(/* @vite-ignore */ new URL(ENTRY, folder).href);
      await globalThis.runPage(...args);
      return sizeOf(loaded);
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** Returns a file and everything that it imports statically. */
function withImports(
  name: string,
  chunks: ReadonlyMap<string, OutputChunk>,
  found: Set<string> = new Set(),
): Set<string> {
  if (found.has(name)) return found;
  found.add(name);
  for (const each of chunks.get(name)!.imports) withImports(each, chunks, found);
  return found;
}
