import type { Hit, SearchResult } from '@model2vec-ts/milvus-adapter';
import { type Colors, colorsFor, counted, oneLine } from '../../terminal/terminal.js';
import { columnsOf, fitted, wrapped } from '../../terminal/text-width.js';
import { shownFields } from './shown-fields.js';

/** Lines shown of each text. */
const SNIPPET_LINES = 2;

/** Shorter words of a question, such as *is* or *of*, are in every text. */
const SHORTEST_WORD = 3;

/** Draws the hits of a search as a table that fits the terminal. */
export function drawnHits(question: string, collection: string, { mode, hits }: SearchResult): string {
  const colors = colorsFor(process.stdout);
  const columns = columnsOf(process.stdout);
  const head = colors.bold(`${counted(hits.length, 'hit')} in ${collection}, ${mode} search`);
  if (hits.length === 0) return `${head}\n`;
  const scores = hits.map(({ score }) => score.toFixed(4));
  const rankWidth = String(hits.length).length;
  const scoreWidth = Math.max(...scores.map((score) => score.length));
  const indent = rankWidth + scoreWidth + 4;
  const width = Math.max(20, columns - indent);
  const words = wordsOf(question);
  const rows = hits.map((hit, i) => {
    const [first = '', ...others] = wrapped(
      snippet(hit.text, words, width * SNIPPET_LINES),
      width,
      SNIPPET_LINES,
    );
    const lines = [
      `${colors.bold(String(i + 1).padStart(rankWidth))}  ${colors.green(scores[i]!.padStart(scoreWidth))}  ${marked(first, words, colors)}`,
      ...others.map((line) => `${' '.repeat(indent)}${marked(line, words, colors)}`),
    ];
    const facts = drawnFields(hit);
    if (facts !== '') lines.push(`${' '.repeat(indent)}${colors.dim(fitted(facts, width))}`);
    return `${lines.join('\n')}\n`;
  });
  return `${head}\n${rows.join('')}`;
}

/** Returns the part of a text around the first of the words, or its start. */
function snippet(text: string, words: readonly string[], width: number): string {
  const line = oneLine(text.slice(0, 100_000)).replace(/\s+/g, ' ').trim();
  if (line.length <= width) return line;
  const lower = line.toLowerCase();
  const places = words.map((word) => lower.indexOf(word)).filter((place) => place >= 0);
  const first = places.length === 0 ? 0 : Math.min(...places);
  if (first < width * 0.8) return line;
  const start = line.lastIndexOf(' ', first - width / 4) + 1;
  return `…${line.slice(start)}`;
}

function wordsOf(question: string): string[] {
  return Array.from(question.toLowerCase().matchAll(/[\p{L}\p{N}]+/gu), ([word]) => word).filter(
    (word) => word.length >= SHORTEST_WORD,
  );
}

function marked(line: string, words: readonly string[], colors: Colors): string {
  if (!colors.isColorSupported || words.length === 0) return line;
  return line.replace(/[\p{L}\p{N}]+/gu, (word) =>
    words.includes(word.toLowerCase()) ? colors.bold(word) : word,
  );
}

/** Draws the fields of a row in one line, its source first. */
function drawnFields({ id, fields }: Hit): string {
  const { source, line, headings: _headings, end_line: _end, ...others } = fields;
  const parts: string[] = [];
  if (typeof source === 'string') parts.push(line === undefined ? source : `${source}:${String(line)}`);
  else if (line !== undefined) parts.push(`line: ${String(line)}`);
  // An id that is the hash of the text means nothing to a reader.
  if (!/^[0-9a-f]{32}$/.test(String(id))) parts.push(`id: ${id}`);
  for (const [name, value] of Object.entries(shownFields(others))) {
    parts.push(`${name}: ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`);
  }
  return oneLine(parts.join(' · '));
}
