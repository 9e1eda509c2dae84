import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const PACKAGE = fileURLToPath(new URL('../../', import.meta.url));

/**
 * Compiles this package's sources to JavaScript, for processes that tests start and kill: Node 20 runs no TypeScript,
 * and `dist` may be older than the sources.
 *
 * @param name - separates the test files, which run at the same time
 */
export async function emitSources(
  name: string,
): Promise<{ readonly index: string; remove(): Promise<void> }> {
  const sources = join(PACKAGE, 'src');
  const folder = join(PACKAGE, '.cache/sources', `${name}-${process.pid}`);
  for (const path of await readdir(sources, { recursive: true })) {
    if (!path.endsWith('.ts') || path.endsWith('.test.ts')) continue;
    const { outputText } = ts.transpileModule(await readFile(join(sources, path), 'utf8'), {
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
  const { imports } = JSON.parse(await readFile(join(PACKAGE, 'package.json'), 'utf8'));
  const own = Object.entries(imports as Record<string, { readonly node: string }>).map(([key, { node }]) => [
    key,
    node.replace('/dist/', '/'),
  ]);
  await writeFile(
    join(folder, 'package.json'),
    JSON.stringify({ type: 'module', imports: Object.fromEntries(own) }),
  );
  return { index: join(folder, 'index.js'), remove: () => rm(folder, { recursive: true, force: true }) };
}
