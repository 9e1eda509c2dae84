import pc from 'picocolors';

/** Functions that colour a text, or return it unchanged. */
export type Colors = ReturnType<typeof pc.createColors>;

/** The part of a stream that decides how to print on it. */
export interface TerminalStream {
  readonly isTTY?: boolean;
}

/** Returns colours for a terminal; for a pipe, a file, a dumb terminal or with `NO_COLOR` it returns none. */
export function colorsFor(stream: TerminalStream): Colors {
  // picocolors itself colours on every continuous-integration machine, also into a file.
  return pc.createColors(stream.isTTY === true && !process.env.NO_COLOR && process.env.TERM !== 'dumb');
}

/** Characters that would move the cursor, change colours or reorder what is printed. */
const STEERING = /[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** Replaces the characters that could steer the terminal; line ends and tabs stay. */
export function printable(text: string): string {
  return text.replace(STEERING, (character) =>
    character === '\n' || character === '\t' ? character : '\ufffd',
  );
}

/** Returns a text as one line that cannot steer the terminal. */
export function oneLine(text: string): string {
  return text.replace(/[\r\n\u2028\u2029]+/g, ' ').replace(STEERING, '\ufffd');
}

/** Returns the start of a text, as one line of at most `width` characters. */
export function excerpt(text: string, width: number): string {
  // A text can have megabytes; four times the width always holds enough characters.
  const characters = Array.from(oneLine(text.slice(0, width * 4)));
  return characters.length > width ? `${characters.slice(0, width - 1).join('')}…` : characters.join('');
}

/** Formats `12345` as `12,345`. */
export function grouped(count: number): string {
  // Without Intl, whose first call takes 20 ms.
  return String(count).replace(/\B(?=(?:\d{3})+$)/g, ',');
}

/** Formats `1 text`, `12,345 texts`. */
export function counted(count: number, noun: string): string {
  return `${grouped(count)} ${noun}${count === 1 ? '' : 's'}`;
}
