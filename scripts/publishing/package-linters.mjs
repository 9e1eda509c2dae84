import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { runProgram } from './program.mjs';

/** Returns publint's findings for a tarball, suggestions included. */
export async function publintProblems({ file }) {
  const bytes = readFileSync(file);
  const tarball = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  const { messages, pkg } = await publint({ pack: { tarball }, strict: true });
  return messages.map((message) => formatMessage(message, pkg, { color: false }) ?? message.code);
}

/** Returns attw's findings for the types in a tarball. The packages are ESM only, and style sheets have no types. */
export async function typeResolutionProblems({ file, manifest }) {
  const styles = Object.keys(manifest.exports).filter((path) => path.endsWith('.css'));
  const attw = fileURLToPath(new URL('.', import.meta.resolve('@arethetypeswrong/cli/package.json')));
  const { ok, output } = await runProgram(process.execPath, [
    join(attw, 'dist/index.js'),
    file,
    '--profile',
    'esm-only',
    '--format',
    'ascii',
    '--no-color',
    '--no-emoji',
    ...(styles.length > 0 ? ['--exclude-entrypoints', ...styles] : []),
  ]);
  return ok ? [] : [output.trim()];
}
