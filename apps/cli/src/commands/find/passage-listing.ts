import type { SearchMode } from '@model2vec-ts/search';
import type { PassageHit } from '../../passages/passage-search.js';
import { type Colors, colorsFor, counted, oneLine } from '../../terminal/terminal.js';
import { columnsOf, fitted } from '../../terminal/text-width.js';

/** Data that `m2v find` prints. */
export interface FoundPassages {
  readonly question: string;
  readonly mode: SearchMode;
  readonly files: number;
  readonly passages: number;
  readonly hits: readonly PassageHit[];
}

/** Lines shown per passage. */
const SNIPPET_LINES = 4;
/** Words of a question shorter than this are too common to mark. */
const SHORTEST_WORD = 3;

/** Formats passages as blocks: `path:line`, headings, and the most relevant lines. */
export function drawnPassages({ question, mode, files, passages, hits }: FoundPassages): string {
  const colors = colorsFor(process.stdout);
  const width = columnsOf(process.stdout);
  const words = wordsOf(question);
  if (hits.length === 0) return `no passage of ${counted(passages, 'passage')} has a word of the question\n`;
  const blocks = hits.map(({ score, text, fields }) => {
    const { path, line, headings } = fields as { path: string; line: number; headings?: readonly string[] };
    const place = `${colors.magenta(oneLine(path))}:${colors.green(String(line))}`;
    const under =
      headings === undefined ? '' : `  ${colors.dim(fitted(oneLine(headings.join(' › ')), width))}`;
    const body = headings === undefined ? text : text.slice(text.indexOf('\n\n') + 2);
    const lines = snippet(body, words).map(
      (each) => `  ${marked(fitted(oneLine(each), width - 2), words, colors)}\n`,
    );
    return `${place}  ${colors.dim(score.toFixed(4))}${under}\n${lines.join('')}`;
  });
  const summary = `${counted(passages, 'passage')} of ${counted(files, 'file')}, ${mode} search`;
  return `${blocks.join('\n')}\n${colors.dim(summary)}\n`;
}

/** The lines starting at the one with the most words of the question. */
function snippet(text: string, words: readonly string[]): readonly string[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  if (lines.length <= SNIPPET_LINES) return lines;
  const counts = lines.map((line) => {
    const lower = line.toLowerCase();
    return words.filter((word) => lower.includes(word)).length;
  });
  const best = counts.indexOf(Math.max(...counts));
  const first = Math.max(0, Math.min(best, lines.length - SNIPPET_LINES));
  return lines.slice(first, first + SNIPPET_LINES);
}

function wordsOf(question: string): string[] {
  return (question.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).filter(
    (word) => word.length >= SHORTEST_WORD,
  );
}

function marked(line: string, words: readonly string[], colors: Colors): string {
  if (!colors.isColorSupported || words.length === 0) return line;
  return line.replace(/[\p{L}\p{N}]+/gu, (word) =>
    words.includes(word.toLowerCase()) ? colors.bold(word) : word,
  );
}
