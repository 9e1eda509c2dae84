// Lets the programs in this folder import TypeScript, such as the test servers, because Node 20 does not strip types.
//   import './typescript-sources.mjs'; const { startMilvusServer } = await import('../packages/…/milvus-server.ts');
import { existsSync, readFileSync } from 'node:fs';
import { register } from 'node:module';
import { fileURLToPath } from 'node:url';

const isLoaderThread = new URL(import.meta.url).searchParams.has('hooks');
if (!isLoaderThread) register(`${import.meta.url}?hooks`);
const ts = isLoaderThread ? (await import('typescript')).default : undefined;

export async function resolve(specifier, context, next) {
  if (specifier.startsWith('.') && specifier.endsWith('.js') && context.parentURL?.endsWith('.ts')) {
    const url = new URL(specifier.replace(/\.js$/, '.ts'), context.parentURL);
    if (existsSync(url)) return { url: url.href, shortCircuit: true };
  }
  return await next(specifier, context);
}

export async function load(url, context, next) {
  if (!url.endsWith('.ts')) return await next(url, context);
  const { outputText } = ts.transpileModule(readFileSync(fileURLToPath(url), 'utf8'), {
    compilerOptions: {
      module: ts.ModuleKind.ESNext,
      target: ts.ScriptTarget.ES2022,
      verbatimModuleSyntax: true,
    },
  });
  return { format: 'module', source: outputText, shortCircuit: true };
}
