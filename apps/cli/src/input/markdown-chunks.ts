import type { Nodes, RootContent } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { cutText } from './text-pieces.js';

/** A part of a document that is found as a unit. */
export interface MarkdownChunk {
  /** The headings above it and its own text, because the text alone often lacks the subject. */
  readonly text: string;
  /** Its headings, outermost first. */
  readonly headings: readonly string[];
  /** First line of its own text, from 1. */
  readonly line: number;
  /** Last line of its own text. */
  readonly endLine: number;
}

interface Section {
  readonly headings: readonly string[];
  readonly blocks: { readonly start: number; readonly end: number }[];
}

/** Separates headings in a chunk's text. */
const BETWEEN_HEADINGS = ' › ';

/** Comments at the beginning of a part; an open one reaches to its end. */
const LEADING_COMMENTS = /^\s*(?:<!--(?:[\s\S]*?-->|[\s\S]*$)\s*)+/;

/** Node types of document structure that nobody searches. */
const PASSED_OVER: ReadonlySet<string> = new Set(['definition', 'thematicBreak']);

/**
 * Splits a Markdown document into chunks. No chunk crosses a heading, blocks are kept whole if they fit, and each chunk
 * has its headings and lines.
 *
 * @param size most UTF-16 units of a chunk's own text
 */
export function markdownChunks(source: string, size: number): MarkdownChunk[] {
  const { body, title } = withoutFrontMatter(source);
  const lines = new LineIndex(body);
  const chunks: MarkdownChunk[] = [];
  const sections = sectionsOf(body, title);
  for (const { headings, blocks } of sections) {
    for (const { start, end } of packed(body, blocks, size)) {
      const part = body.slice(start, end);
      const words = part.replace(LEADING_COMMENTS, '');
      if (words.trim() === '') continue;
      const first = start + part.length - words.length;
      const own = words.trim();
      const text = headings.length === 0 ? own : `${headings.join(BETWEEN_HEADINGS)}\n\n${own}`;
      chunks.push({ text, headings, line: lines.lineOf(first), endLine: lines.lineOf(end - 1) });
    }
  }
  return chunks;
}

/** Blanks out YAML front matter, so that line numbers stay, and returns its title. */
function withoutFrontMatter(source: string): { readonly body: string; readonly title: string | undefined } {
  const found = /^---[ \t]*\r?\n([\s\S]*?)\r?\n---[ \t]*(?:\r?\n|$)/.exec(source);
  if (found === null) return { body: source, title: undefined };
  const title = /^title:[ \t]*(?:"([^"\n]+)"|'([^'\n]+)'|([^\r\n]+))/m.exec(found[1]!);
  return {
    body: found[0].replace(/[^\n]/g, '') + source.slice(found[0].length),
    title: (title?.[1] ?? title?.[2] ?? title?.[3])?.trim(),
  };
}

function sectionsOf(body: string, title: string | undefined): Section[] {
  const path: { readonly depth: number; readonly text: string }[] =
    title === undefined ? [] : [{ depth: 0, text: title }];
  let section: Section = { headings: path.map(({ text }) => text), blocks: [] };
  const sections = [section];
  for (const node of fromMarkdown(body).children) {
    const { start, end } = node.position!;
    if (node.type !== 'heading') {
      if (!PASSED_OVER.has(node.type) && !isComment(node)) {
        section.blocks.push({ start: start.offset!, end: end.offset! });
      }
      continue;
    }
    while (path.length > 0 && path.at(-1)!.depth >= node.depth) path.pop();
    const text = wordsOf(node).replace(/\s+/g, ' ').trim();
    // A title repeated as the first heading appears once.
    if (text !== '' && !(path.length === 1 && path[0]!.depth === 0 && path[0]!.text === text)) {
      path.push({ depth: node.depth, text });
    }
    section = { headings: path.map((heading) => heading.text), blocks: [] };
    sections.push(section);
  }
  return sections;
}

function isComment(node: RootContent): boolean {
  return node.type === 'html' && node.value.replace(LEADING_COMMENTS, '').trim() === '';
}

/** Text of a heading without markup. */
function wordsOf(node: Nodes): string {
  if ('value' in node) return node.type === 'html' ? '' : node.value;
  if ('children' in node) return node.children.map(wordsOf).join('');
  if (node.type === 'break') return ' ';
  return 'alt' in node ? (node.alt ?? '') : '';
}

/** Joins neighbouring blocks while they fit, and splits those that do not fit alone. */
function packed(body: string, blocks: Section['blocks'], size: number): { start: number; end: number }[] {
  const parts: { start: number; end: number }[] = [];
  for (const { start, end } of blocks) {
    const last = parts.at(-1);
    if (last !== undefined && end - last.start <= size) {
      last.end = end;
    } else if (end - start <= size) {
      parts.push({ start, end });
    } else {
      for (const piece of cutText(body.slice(start, end), size)) {
        parts.push({ start: start + piece.start, end: start + piece.start + piece.text.length });
      }
    }
  }
  return parts;
}

/** Line numbers of ascending positions. */
class LineIndex {
  readonly #text: string;
  #line = 1;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  lineOf(position: number): number {
    if (position < this.#at) {
      this.#line = 1;
      this.#at = 0;
    }
    for (;;) {
      const next = this.#text.indexOf('\n', this.#at);
      if (next < 0 || next >= position) return this.#line;
      this.#line++;
      this.#at = next + 1;
    }
  }
}
