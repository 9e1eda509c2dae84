import type { CodePointSet } from './code-point-set.js';
import { isCombining, REMEMBERED, sortMarks } from './combining-class.js';

/** Unicode normalization forms, by the names that `String.prototype.normalize` has for them. */
export type NormalForm = 'NFC' | 'NFD' | 'NFKC' | 'NFKD';

/**
 * Engines sort marks by insertion, in quadratic time. No sequence of marks goes across a character before U+0300,
 * so only what lies between two of those can be long enough to matter.
 */
const LONG_STRETCH = /[^\0-\u02ff]{256,}/g;
const MANY_MARKS = 64;

/**
 * A normalization form, as the reference's crate has it, made by an engine that knows more than the crate.
 *
 * The crate knows Unicode 9, an engine knows a later version. Unicode's stability policy says that normalizing a text of
 * assigned characters gives the same in every later version, so for characters that the crate knows the engine is as
 * good. To all others the crate gives combining class 0 and neither decomposition nor composition: they end a sequence of
 * marks and stay as they are, so a text can be cut around them and the parts normalized on their own.
 */
export class EngineForm {
  readonly #form: NormalForm;
  readonly #changing: RegExp;
  readonly #known: CodePointSet;
  /** What each character becomes, where that is nothing but marks. */
  readonly #marks: Map<number, readonly string[] | undefined> = new Map();

  /**
   * @param changing - Finds the characters from the first one of Unicode on that the form changes.
   * @param known - The code points that the engine may see: everything that the crate does change, reorder or compose.
   */
  constructor(form: NormalForm, changing: RegExp, known: CodePointSet) {
    this.#form = form;
    this.#changing = changing;
    this.#known = known;
  }

  /** Normalizes as the crate does, whatever version of Unicode the engine has. */
  of(text: string): string {
    if (!this.#changing.test(text)) return text;
    const pieces: string[] = [];
    let start = 0;
    let known = true;
    for (let i = 0; i <= text.length; ) {
      const codePoint = text.codePointAt(i) ?? -1;
      if (codePoint === -1 || this.#known.has(codePoint) !== known) {
        const piece = text.slice(start, i);
        pieces.push(known ? this.#ofKnown(piece) : piece);
        start = i;
        known = !known;
      }
      i += codePoint > 0xffff ? 2 : 1;
    }
    return pieces.join('');
  }

  /** The full decomposition of one character. */
  decompose(character: string): string {
    if (!this.#known.has(character.codePointAt(0)!)) return character;
    return character.normalize(this.#form.replace('C', 'D'));
  }

  #ofKnown(text: string): string {
    return text.replace(LONG_STRETCH, (stretch) => this.#sortLongSequences(stretch)).normalize(this.#form);
  }

  #sortLongSequences(stretch: string): string {
    let result = '';
    let copied = 0;
    let start = 0;
    let sequence: string[] = [];
    for (let i = 0; i <= stretch.length; ) {
      const codePoint = stretch.codePointAt(i) ?? -1;
      const marks = codePoint === -1 ? undefined : this.#marksOf(codePoint);
      if (marks !== undefined) {
        if (sequence.length === 0) start = i;
        for (let k = 0; k < marks.length; k++) sequence.push(marks[k]!);
      } else if (sequence.length > 0) {
        if (sequence.length > MANY_MARKS) {
          result += stretch.slice(copied, start) + sortMarks(sequence, (mark) => mark).join('');
          copied = i;
        }
        sequence = [];
      }
      i += codePoint > 0xffff ? 2 : 1;
    }
    return result + stretch.slice(copied);
  }

  #marksOf(codePoint: number): readonly string[] | undefined {
    const known = this.#marks;
    let marks = known.get(codePoint);
    if (marks === undefined && !known.has(codePoint)) {
      const parts = [...this.decompose(String.fromCodePoint(codePoint))];
      if (parts.every(isCombining)) marks = parts;
      if (known.size >= REMEMBERED) known.clear();
      known.set(codePoint, marks);
    }
    return marks;
  }
}
