import type { Passage } from './passage.js';

const NO_HEADINGS: readonly string[] = [];

/** Preferred ends of a window: a later kind is used only if no earlier kind is in reach. */
type Boundary = 'top' | 'blank' | 'any';

/**
 * Splits code and plain text into windows of whole lines. A window ends before a top-level block, else at a blank line,
 * else when it is full; lines longer than a window are split.
 *
 * @param size - most UTF-16 units of a passage
 */
export function codePassages(source: string, size: number): Passage[] {
  const lines = source.split(/\r?\n/);
  const passages: Passage[] = [];
  for (let first = 0; first < lines.length; ) {
    const end = windowEnd(lines, first, size);
    addPassage(passages, lines, first, end, size);
    first = end;
  }
  return passages;
}

/** A passage per line, for lists of texts. */
export function linePerPassage(source: string, size: number): Passage[] {
  const lines = source.split(/\r?\n/);
  const passages: Passage[] = [];
  for (let line = 0; line < lines.length; line++) addPassage(passages, lines, line, line + 1, size);
  return passages;
}

/** Whether a text is a list of texts, one per line: more than one line, and no blank lines between them. */
export function isListOfTexts(source: string): boolean {
  const body = source.trim();
  return body.includes('\n') && !/\n[ \t\r]*\n/.test(body);
}

function windowEnd(lines: readonly string[], first: number, size: number): number {
  let length = 0;
  const ends: Partial<Record<Boundary, number>> = {};
  for (let line = first; line < lines.length; line++) {
    const text = lines[line]!;
    if (line > first && length + text.length > size) return ends.top ?? ends.blank ?? ends.any ?? line;
    if (line > first && length >= size / 3) {
      const isAfterBlank = lines[line - 1]!.trim() === '';
      if (isAfterBlank && /^\S/.test(text) && !/^[)}\]]/.test(text)) ends.top = line;
      else if (isAfterBlank) ends.blank = line;
      else ends.any = line;
    }
    length += text.length + 1;
  }
  return lines.length;
}

function addPassage(
  passages: Passage[],
  lines: readonly string[],
  first: number,
  end: number,
  size: number,
): void {
  while (first < end && lines[first]!.trim() === '') first++;
  while (end > first && lines[end - 1]!.trim() === '') end--;
  if (first === end) return;
  const text = end === first + 1 ? lines[first]! : lines.slice(first, end).join('\n');
  const place = { headings: NO_HEADINGS, line: first + 1, endLine: end };
  // Only a single line can be longer than a window.
  for (let at = 0; at < text.length; ) {
    const next = at + size < text.length ? beforePair(text, at + size) : text.length;
    const part = text.slice(at, next);
    if (/[\p{L}\p{N}]/u.test(part)) passages.push({ ...place, text: part });
    at = next;
  }
}

/** The position, or the one before if it is inside a surrogate pair. */
function beforePair(text: string, at: number): number {
  const unit = text.charCodeAt(at);
  return unit >= 0xdc00 && unit < 0xe000 ? at - 1 : at;
}
