import type { CodePointSet } from './code-point-set.js';
import { isCombining, REMEMBERED, sortMarks } from './combining-class.js';

/** Unicode normalization forms, by the names of `String.prototype.normalize`. */
export type NormalForm = 'NFC' | 'NFD' | 'NFKC' | 'NFKD';

/**
 * Engines sort marks by insertion, in quadratic time. A sequence of marks never crosses a character below U+0300, so only
 * the text between two such characters can be long enough to matter.
 */
const LONG_STRETCH = /[^\0-\u02ff]{256,}/g;
const MANY_MARKS = 64;

/**
 * A normalization form as in the reference's crate, computed by an engine with a later Unicode version.
 *
 * The crate knows Unicode 9. Unicode's stability policy guarantees that normalizing a text of assigned characters gives the
 * same result in every later version, so the engine is right for characters that the crate knows. All others have combining
 * class 0 in the crate, without decomposition or composition: they end a sequence of marks and never change, so a text can
 * be cut around them and its parts normalized alone.
 */
export class EngineForm {
  readonly #form: NormalForm;
  readonly #changing: RegExp;
  readonly #known: CodePointSet;
  /** Results of characters that become only marks. */
  readonly #marks: Map<number, readonly string[] | undefined> = new Map();

  /**
   * @param changing - matches the characters that the form changes
   * @param known - code points that the engine may see: those that the crate changes, reorders or composes
   */
  constructor(form: NormalForm, changing: RegExp, known: CodePointSet) {
    this.#form = form;
    this.#changing = changing;
    this.#known = known;
  }

  /** Normalizes like the crate, whatever Unicode version the engine has. */
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

  /** Returns the full decomposition of one character. */
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
