import pc from 'picocolors';

/** Functions that colour a text, or leave it as it is. */
export type Colors = ReturnType<typeof pc.createColors>;

/** The stream that something is printed on, as far as printing depends on it. */
export interface TerminalStream {
  readonly isTTY?: boolean;
}

/** Colours for a terminal, and none for a pipe, a file, a dumb terminal or a user who asks for none (`NO_COLOR`). */
export function colorsFor(stream: TerminalStream): Colors {
  // The library's own guess takes a continuous-integration machine for a terminal.
  return pc.createColors(stream.isTTY === true && !process.env.NO_COLOR && process.env.TERM !== 'dumb');
}

/** A text as one line that cannot steer the terminal: line ends and control characters become visible marks. */
export function oneLine(text: string): string {
  return text
    .replace(/[\r\n\u2028\u2029]+/g, ' ')
    .replace(/\p{Cc}|[\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, '\ufffd');
}

/** The start of a text, as one line of at most `width` characters. */
export function excerpt(text: string, width: number): string {
  // A text can be megabytes long; four times the width is enough to find that many characters.
  const characters = Array.from(oneLine(text.slice(0, width * 4)));
  return characters.length > width ? `${characters.slice(0, width - 1).join('')}…` : characters.join('');
}

/** `12345` as `12,345`. */
export function grouped(count: number): string {
  return count.toLocaleString('en-US');
}

/** `1 text`, `12,345 texts`. */
export function counted(count: number, noun: string): string {
  return `${grouped(count)} ${noun}${count === 1 ? '' : 's'}`;
}
