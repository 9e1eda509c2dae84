import { readFileSync } from 'node:fs';

/** A fence in a document or in a line of a doc comment; a list may indent it. */
const OPENING = /^(\s*(?:\* )?\s*)(`{3,})(\w*)([^`]*)$/;

/**
 * TypeScript blocks of a Markdown or source file: `{ file, line, code, run, path }`, `line` counted from 1.
 *
 * The words after the language say what to do with a block: `no-check` leaves it alone, `run` runs it as well, and
 * `file=src/x.ts` makes it that file, `path`, which other blocks of the document can import.
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
    if (!['ts', 'typescript'].includes(language) || words.includes('no-check')) continue;
    const named = words.find((word) => word.startsWith('file='))?.slice('file='.length);
    blocks.push({ file, line, code: code.join('\n'), run: words.includes('run'), path: named });
  }
  return blocks;
}
