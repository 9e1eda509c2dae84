import { CodePointSet, decodeRanges } from './code-point-set.js';
import { NORMALIZED_RANGES } from './normal-form.generated.js';

/** Unicode normalization forms, by the names that `String.prototype.normalize` has for them. */
export type NormalForm = 'NFC' | 'NFD' | 'NFKC' | 'NFKD';

/**
 * The code points that the engine may see.
 *
 * The reference's crate knows Unicode 9, an engine knows a later version. Unicode's stability policy says that
 * normalizing a text of assigned characters gives the same in every later version, so for characters that the
 * crate knows the engine is as good. To all others the crate gives combining class 0 and neither decomposition nor
 * composition: they end a sequence of marks and stay as they are, so a text can be cut around them and the parts
 * normalized on their own. The set holds everything that the crate does change, reorder or compose.
 */
export const NORMALIZED: CodePointSet = /* @__PURE__ */ new CodePointSet(() =>
  decodeRanges(NORMALIZED_RANGES),
);

/** Texts that a form leaves as they are, by the first character of Unicode that it would change. */
const UNCHANGED: Readonly<Record<NormalForm, RegExp>> = {
  NFC: /^[\0-\u02ff]*$/,
  NFD: /^[\0-\xbf]*$/,
  NFKC: /^[\0-\x9f]*$/,
  NFKD: /^[\0-\x9f]*$/,
};

/**
 * Engines sort marks by insertion, in quadratic time. No sequence of marks goes across a character before U+0300,
 * so only what lies between two of those can be long enough to matter.
 */
const LONG_STRETCH = /[^\0-\u02ff]{256,}/g;
const MANY_MARKS = 64;

/** The mark of the lowest combining class, 1, and one of the highest, 240. */
const LOWEST_MARK = '\u0334';
const HIGHEST_MARK = '\u0345';

/** How many characters to remember something about, lest a hostile text fills the memory. */
const REMEMBERED = 0x10000;

const combining = new Map<string, boolean>();

/** Whether a character that does not decompose has a combining class other than 0: only then it changes places. */
export function isCombining(character: string): boolean {
  let result = combining.get(character);
  if (result === undefined) {
    result =
      NORMALIZED.has(character.codePointAt(0)!) &&
      ((character + LOWEST_MARK).normalize('NFD').startsWith(LOWEST_MARK) ||
        (HIGHEST_MARK + character).normalize('NFD').startsWith(character));
    if (combining.size >= REMEMBERED) combining.clear();
    combining.set(character, result);
  }
  return result;
}

/** The order of two marks' combining classes, told by what the engine does with the pair. */
export function compareClasses(a: string, b: string): number {
  if (a === b) return 0;
  if ((b + a).normalize('NFD') !== b + a) return -1;
  return (a + b).normalize('NFD') !== a + b ? 1 : 0;
}

/** A stable sort by combining class that counts, so that its cost is linear in the number of marks. */
export function sortMarks<T>(marks: readonly T[], characterOf: (mark: T) => string): T[] {
  const classOf = new Map<string, number>();
  for (let i = 0; i < marks.length; i++) classOf.set(characterOf(marks[i]!), 0);
  let last: string | undefined;
  let classes = 0;
  for (const character of [...classOf.keys()].sort(compareClasses)) {
    if (last !== undefined && compareClasses(last, character) !== 0) classes++;
    classOf.set(character, classes);
    last = character;
  }
  const classOfMark = new Uint8Array(marks.length);
  const positions = new Uint32Array(classes + 2);
  for (let i = 0; i < marks.length; i++) {
    classOfMark[i] = classOf.get(characterOf(marks[i]!))!;
    positions[classOfMark[i]! + 1]!++;
  }
  for (let i = 0; i < classes; i++) positions[i + 1]! += positions[i]!;
  const sorted = new Array<T>(marks.length);
  for (let i = 0; i < marks.length; i++) sorted[positions[classOfMark[i]!]!++] = marks[i]!;
  return sorted;
}

/** The full decomposition of one character. */
export function decompose(character: string, form: NormalForm): string {
  if (!NORMALIZED.has(character.codePointAt(0)!)) return character;
  return character.normalize(form === 'NFKC' || form === 'NFKD' ? 'NFKD' : 'NFD');
}

/** What each character becomes, where that is nothing but marks; of both kinds of decomposition. */
const canonicalMarks = new Map<number, readonly string[] | undefined>();
const compatibleMarks = new Map<number, readonly string[] | undefined>();

function marksOf(codePoint: number, form: NormalForm): readonly string[] | undefined {
  const known = form === 'NFKC' || form === 'NFKD' ? compatibleMarks : canonicalMarks;
  let marks = known.get(codePoint);
  if (marks === undefined && !known.has(codePoint)) {
    const parts = [...decompose(String.fromCodePoint(codePoint), form)];
    if (parts.every(isCombining)) marks = parts;
    if (known.size >= REMEMBERED) known.clear();
    known.set(codePoint, marks);
  }
  return marks;
}

function sortLongSequences(stretch: string, form: NormalForm): string {
  let result = '';
  let copied = 0;
  let start = 0;
  let sequence: string[] = [];
  for (let i = 0; i <= stretch.length; ) {
    const codePoint = stretch.codePointAt(i) ?? -1;
    const marks = codePoint === -1 ? undefined : marksOf(codePoint, form);
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

function normalizeKnown(text: string, form: NormalForm): string {
  return text.replace(LONG_STRETCH, (stretch) => sortLongSequences(stretch, form)).normalize(form);
}

/** Normalizes as the reference's crate does, whatever version of Unicode the engine has. */
export function toNormalForm(text: string, form: NormalForm): string {
  if (UNCHANGED[form].test(text)) return text;
  const pieces: string[] = [];
  let start = 0;
  let known = true;
  for (let i = 0; i <= text.length; ) {
    const codePoint = text.codePointAt(i) ?? -1;
    if (codePoint === -1 || NORMALIZED.has(codePoint) !== known) {
      const piece = text.slice(start, i);
      pieces.push(known ? normalizeKnown(piece, form) : piece);
      start = i;
      known = !known;
    }
    i += codePoint > 0xffff ? 2 : 1;
  }
  return pieces.join('');
}
