import { readFileSync } from 'node:fs';

/** A code fence in a document or a doc comment, possibly indented by a list. */
const OPENING = /^(\s*(?:\* )?\s*)(`{3,})(\w*)([^`]*)$/;

/**
 * Returns the TypeScript blocks of a Markdown or source file: `{ file, line, code, run, client, path, extension }`, with 1-based lines.
 *
 * Words after the language control a block: `no-check` skips it, `run` also runs it, and `file=src/x.ts` gives it that `path`,
 * from which other blocks of the document can import it. `client` says that it needs packages that the workspace lacks.
 * A block of `text` marked `prints` is the output of the block before it, which then has it as `prints`.
 */
export function codeBlocks(path, file) {
  const lines = readFileSync(path, 'utf8').split(/\r?\n/);
  const blocks = [];
  for (let i = 0; i < lines.length; i++) {
    const opening = OPENING.exec(lines[i]);
    if (!opening) continue;
    const [, before, fence, language, info] = opening;
    const line = i + 2;
    const code = [];
    const closes = (text) => /^`+$/.test(text) && text.length >= fence.length;
    for (i++; i < lines.length && !closes(lines[i].trim().replace(/^\* /, '')); i++) {
      code.push(before.includes('*') ? lines[i].replace(/^\s*\* ?/, '') : lines[i].slice(before.length));
    }
    const words = info.trim().split(/\s+/);
    if (language === 'text' && words.includes('prints')) blocks.at(-1).prints = code.join('\n');
    if (!['ts', 'tsx', 'typescript'].includes(language) || words.includes('no-check')) continue;
    const named = words.find((word) => word.startsWith('file='))?.slice('file='.length);
    blocks.push({
      file,
      line,
      code: code.join('\n'),
      run: words.includes('run'),
      client: words.includes('client'),
      path: named,
      extension: language === 'tsx' ? 'tsx' : 'ts',
    });
  }
  return blocks;
}
