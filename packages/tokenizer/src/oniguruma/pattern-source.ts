import { MalformedTokenizerError, UnsupportedTokenizerError } from '../tokenizer-error.js';

/** The code point of one ASCII character. */
export function code(character: string): number {
  return character.charCodeAt(0);
}

export function isSurrogate(codePoint: number): boolean {
  return codePoint >= 0xd800 && codePoint <= 0xdfff;
}

/** The code points of a pattern with a reading position, and errors that quote the pattern. */
export class PatternSource {
  readonly codePoints: readonly number[];
  readonly #text: string;
  readonly #path: string;
  position = 0;

  constructor(text: string, path: string) {
    this.#text = text;
    this.#path = path;
    // A lone surrogate counts as U+FFFD, here and in the texts.
    this.codePoints = Array.from(text, (character) => {
      const codePoint = character.codePointAt(0)!;
      return isSurrogate(codePoint) ? 0xfffd : codePoint;
    });
  }

  get atEnd(): boolean {
    return this.position >= this.codePoints.length;
  }

  /** The next code point, or −1 at the end. */
  peek(ahead = 0): number {
    return this.codePoints[this.position + ahead] ?? -1;
  }

  take(): number {
    return this.codePoints[this.position++] ?? -1;
  }

  takeIf(character: string): boolean {
    if (this.peek() !== code(character)) return false;
    this.position++;
    return true;
  }

  /** Reads past the next `end` and returns the text before it, or `undefined` if no `end` follows. */
  takeUntil(end: string): string | undefined {
    const index = this.codePoints.indexOf(code(end), this.position);
    if (index < 0) return undefined;
    const taken = String.fromCodePoint(...this.codePoints.slice(this.position, index));
    this.position = index + 1;
    return taken;
  }

  /** Reads up to `most` digits of `base` as a number; −1 if there are none. */
  takeNumber(base: 8 | 10 | 16, most: number): number {
    let value = -1;
    for (let taken = 0; taken < most; taken++) {
      const digit = digitValue(this.peek());
      if (digit >= base) break;
      value = Math.max(value, 0) * base + digit;
      this.position++;
    }
    return value;
  }

  malformed(problem: string): MalformedTokenizerError {
    return new MalformedTokenizerError(
      this.#path,
      `${this.#quoted()} is not a regular expression: ${problem}`,
    );
  }

  unsupported(construct: string, reason: string): UnsupportedTokenizerError {
    return new UnsupportedTokenizerError(this.#path, construct, `${reason}, in ${this.#quoted()}`);
  }

  #quoted(): string {
    const shown = this.#text.length > 200 ? `${this.#text.slice(0, 200)}…` : this.#text;
    return JSON.stringify(shown);
  }
}

function digitValue(codePoint: number): number {
  if (codePoint >= 0x30 && codePoint <= 0x39) return codePoint - 0x30;
  const letter = codePoint | 0x20;
  return codePoint > 0 && letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : Number.POSITIVE_INFINITY;
}
