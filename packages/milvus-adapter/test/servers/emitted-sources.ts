import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const SOURCES = fileURLToPath(new URL('../../src/', import.meta.url));
const OUTPUT = fileURLToPath(new URL('../../.cache/sources/', import.meta.url));

/**
 * Compiles this package's sources to JavaScript, for processes that tests start and kill: Node 20 runs no TypeScript,
 * and `dist` may be older than the sources. The output is inside the package, so that its dependencies are found.
 *
 * @param name - separates the test files, which run at the same time
 */
export async function emitSources(
  name: string,
): Promise<{ readonly folder: string; remove(): Promise<void> }> {
  const folder = join(OUTPUT, `${name}-${process.pid}`);
  for (const path of await readdir(SOURCES, { recursive: true })) {
    if (!path.endsWith('.ts') || path.endsWith('.test.ts')) continue;
    const { outputText } = ts.transpileModule(await readFile(join(SOURCES, path), 'utf8'), {
      compilerOptions: {
        module: ts.ModuleKind.ESNext,
        target: ts.ScriptTarget.ES2022,
        verbatimModuleSyntax: true,
      },
    });
    const file = join(folder, path.replace(/\.ts$/, '.js'));
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, outputText);
  }
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}
