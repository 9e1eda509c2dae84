/** A piece of a text and its position. */
export interface TextPiece {
  readonly text: string;
  /** Position of its first character, in UTF-16 units. */
  readonly start: number;
}

/** Where a text can be split, best places first. */
const CUTS: readonly ((text: string) => readonly string[])[] = [
  (text) => text.split(/(?<=\n[ \t]*\n)/),
  (text) => text.split(/(?<=\n)/),
  (text) => segments(text, 'sentence'),
  (text) => segments(text, 'word'),
  // Keeps graphemes whole: an emoji of seven units, a letter with its accents.
  (text) => segments(text, 'grapheme'),
];

/**
 * Splits a text into pieces of at most `size` UTF-16 units: at paragraphs, else at lines, sentences, words and finally
 * characters. The pieces add up to the text.
 */
export function cutText(text: string, size: number): TextPiece[] {
  const pieces: TextPiece[] = [];
  let at = 0;
  for (const piece of cut(text, size, 0)) {
    pieces.push({ text: piece, start: at });
    at += piece.length;
  }
  return pieces;
}

function cut(text: string, size: number, level: number): string[] {
  if (text.length <= size) return [text];
  const split = CUTS[level];
  // A single character longer than a piece: endless combining marks.
  if (split === undefined) return text.match(new RegExp(`[\\s\\S]{1,${size}}`, 'g')) ?? [];
  const pieces: string[] = [];
  let open = '';
  for (const part of split(text)) {
    if (open.length + part.length <= size) {
      open += part;
      continue;
    }
    if (open !== '') pieces.push(open);
    open = '';
    if (part.length <= size) {
      open = part;
    } else {
      const smaller = cut(part, size, level + 1);
      open = smaller.pop()!;
      pieces.push(...smaller);
    }
  }
  if (open !== '') pieces.push(open);
  return pieces;
}

/** UTF-16 units segmented at once: V8's time per segment grows with the length of the whole text. */
const WINDOW = 1024;

function segments(text: string, granularity: 'sentence' | 'word' | 'grapheme'): string[] {
  const segmenter = new Intl.Segmenter(undefined, { granularity });
  const found: string[] = [];
  let window = WINDOW;
  for (let start = 0; start < text.length; ) {
    const end = Math.min(text.length, start + window);
    const parts = Array.from(segmenter.segment(text.slice(start, end)), ({ segment }) => segment);
    // The last one may continue after the window.
    if (end < text.length) parts.pop();
    if (parts.length === 0) {
      window *= 4;
      continue;
    }
    window = WINDOW;
    for (const part of parts) {
      found.push(part);
      start += part.length;
    }
  }
  return found;
}
