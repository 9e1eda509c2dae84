import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const SOURCES = new URL('../src/', import.meta.url);
const OUTPUT = new URL('../.cache/', import.meta.url);

/**
 * Bundles a module of this package's sources with all its imports into one JavaScript file, for threads and processes
 * without a test runner: Node 20 runs no TypeScript, and `dist` may be older than the sources.
 *
 * @param source - path inside `src`
 * @returns its path, until this process ends
 */
export async function bundled(source: string, platform: 'node' | 'browser' = 'node'): Promise<URL> {
  const bundle = await rolldown({
    input: fileURLToPath(new URL(source, SOURCES)),
    platform,
    resolve: {
      conditionNames: ['@model2vec-ts/source', platform, 'import'],
      extensionAlias: { '.js': ['.ts'] },
    },
  });
  const file = new URL(`${source.replace(/\W/g, '-')}-${process.pid}.js`, OUTPUT);
  await bundle.write({ file: fileURLToPath(file), format: 'esm', codeSplitting: false });
  await bundle.close();
  process.once('exit', () => rmSync(file, { force: true }));
  return file;
}
