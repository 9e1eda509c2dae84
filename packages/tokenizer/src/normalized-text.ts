import type { Pattern } from './pattern.js';
import type { PipelineText, RewritableText } from './pipeline-text.js';
import type { RewriteStep } from './rewrite-step.js';
import { TokenizerError } from './tokenizer-error.js';
import type { NormalForm } from './unicode/engine-form.js';
import { formSteps } from './unicode/form-steps.js';
import { lowercaseOf, toLowercase } from './unicode/lowercase.js';
import { mapCharacters } from './unicode/map-characters.js';
import { toNormalForm } from './unicode/normal-form.js';
import { wellFormed } from './unicode/well-formed.js';

function* filterSteps(text: string, keeps: (codePoint: number) => boolean): Iterable<RewriteStep> {
  let kept: string | undefined;
  let removed = 0;
  for (const character of text) {
    if (!keeps(character.codePointAt(0)!)) {
      removed++;
      continue;
    }
    if (kept !== undefined) yield { character: kept, change: -removed };
    kept = character;
    removed = 0;
  }
  if (kept !== undefined) yield { character: kept, change: -removed };
}

/** Steps of a rewriting that looks at each character alone; the first of several replaces it, the others are new. */
export function* expandSteps(
  text: string,
  replacementOf: (codePoint: number) => string | undefined,
): Iterable<RewriteStep> {
  for (const character of text) {
    let change = 0;
    for (const part of replacementOf(character.codePointAt(0)!) ?? character) {
      yield { character: part, change };
      change = 1;
    }
  }
}

function sizeOf(codePoint: number): number {
  return codePoint > 0xffff ? 2 : 1;
}

/**
 * A text that knows as much of where it came from as ids depend on.
 *
 * The reference's `NormalizedString` maps every byte to the original text. Ids depend on very little of that:
 * whether a piece begins at the original's first byte, which decides Metaspace's `prepend_scheme: "first"`, and
 * which characters at the front stand for nothing at all there, because rewriting skips those by mistake.
 * Alignments never decrease, so both are lengths of a prefix.
 */
export class NormalizedText implements PipelineText<NormalizedText>, RewritableText {
  #text: string;
  /** Whether the original of this piece begins where the whole original does. */
  #startsAtOrigin: boolean;
  /** How many UTF-16 units at the front are aligned with the first position of this piece's original. */
  #head: number;
  /** How many of those are aligned with an empty range there. */
  #weightless: number;
  /** Whether the original of this piece is empty. */
  #originalIsEmpty: boolean;

  private constructor(
    text: string,
    startsAtOrigin: boolean,
    head: number,
    weightless: number,
    originalIsEmpty: boolean,
  ) {
    this.#text = text;
    this.#startsAtOrigin = startsAtOrigin;
    this.#head = head;
    this.#weightless = weightless;
    this.#originalIsEmpty = originalIsEmpty;
  }

  /** The text as given; each lone surrogate becomes U+FFFD, as when UTF-8 is made of it. */
  static of(raw: string): NormalizedText {
    const text = wellFormed(raw);
    const head = text === '' ? 0 : sizeOf(text.codePointAt(0)!);
    return new NormalizedText(text, true, head, 0, text === '');
  }

  get text(): string {
    return this.#text;
  }

  /** Whether the reference's `offsets_original().0` is 0. */
  get atOrigin(): boolean {
    return this.#startsAtOrigin;
  }

  slice(start: number, end: number): NormalizedText {
    if (start === end) return new NormalizedText('', this.#startsAtOrigin && start === 0, 0, 0, true);
    const text = this.#text.slice(start, end);
    const weightless = Math.max(0, Math.min(this.#weightless, end) - start);
    const originalIsEmpty = weightless === text.length;
    return start < this.#head
      ? new NormalizedText(
          text,
          this.#startsAtOrigin,
          Math.min(this.#head, end) - start,
          weightless,
          originalIsEmpty,
        )
      : new NormalizedText(text, false, 0, 0, false);
  }

  /** Puts `content` before a text that is not empty. */
  prepend(content: string): void {
    if (this.#text === '') return;
    const first = sizeOf(this.#text.codePointAt(0)!);
    if (content === '') {
      // The reference takes the first character for one inserted at position 0, which stands for nothing.
      this.#head = Math.max(this.#head, first);
      this.#weightless = Math.max(this.#weightless, first);
      return;
    }
    this.#text = content + this.#text;
    // The content shares the alignment of the first character.
    if (this.#head > 0) this.#head += content.length;
    if (this.#weightless > 0) this.#weightless += content.length;
  }

  /** Puts `content` in place of every match; nothing matches in an empty text. */
  replace(pattern: Pattern, content: string): void {
    if (this.#text === '') return;
    const matches = pattern.findAll(this.#text);
    if (matches.length === 0) return;
    const text = this.#text;
    const pieces: string[] = [];
    let head = 0;
    let weightless = 0;
    let position = 0;
    for (let i = 0; i < matches.length; i += 2) {
      const start = matches[i]!;
      const end = matches[i + 1]!;
      pieces.push(text.slice(position, start), content);
      // The content shares the alignment of the last character it replaces or follows; at position 0 it stands for nothing.
      head += Math.max(0, Math.min(this.#head, start) - position);
      weightless += Math.max(0, Math.min(this.#weightless, start) - position);
      if (end <= this.#head || end === 0) head += content.length;
      if (end <= this.#weightless || end === 0) weightless += content.length;
      position = end;
    }
    pieces.push(text.slice(position));
    this.#text = pieces.join('');
    this.#head = head + Math.max(0, this.#head - position);
    this.#weightless = weightless + Math.max(0, this.#weightless - position);
  }

  /**
   * Puts `rewritten` in place of the whole text.
   *
   * @param steps - The same characters one by one, read only as far as alignments at the front need them.
   * @param removedAtStart - How many characters the rewriting drops before its first step.
   */
  transform(rewritten: string, steps: () => Iterable<RewriteStep>, removedAtStart: number = 0): void {
    if (this.#weightless > 0 || this.#originalIsEmpty) {
      this.#transformAfterWeightless(steps, removedAtStart);
      return;
    }
    if (rewritten === this.#text) return;
    if (this.#startsAtOrigin) this.#head = this.#follow(steps, removedAtStart);
    this.#text = rewritten;
  }

  filter(keeps: (codePoint: number) => boolean): void {
    const text = this.#text;
    let result = '';
    let copied = 0;
    let keptAny = false;
    let removedAtStart = 0;
    for (let i = 0; i < text.length; ) {
      const codePoint = text.codePointAt(i)!;
      const next = i + sizeOf(codePoint);
      if (keeps(codePoint)) {
        keptAny = true;
      } else {
        if (!keptAny) removedAtStart++;
        result += text.slice(copied, i);
        copied = next;
      }
      i = next;
    }
    // The reference counts what goes before the first kept character when it meets that character.
    if (!keptAny) removedAtStart = 0;
    this.transform(result + text.slice(copied), () => filterSteps(text, keeps), removedAtStart);
  }

  map(replacementOf: (codePoint: number) => string | undefined): void {
    const before = this.#text;
    this.transform(mapCharacters(before, replacementOf), () => expandSteps(before, replacementOf));
  }

  decompose(): void {
    this.toForm('NFD');
  }

  /** Puts the text in a normalization form, in the version of Unicode that the reference's crate has. */
  toForm(form: NormalForm): void {
    const before = this.#text;
    this.transform(toNormalForm(before, form), () => formSteps(before, form));
  }

  lowercase(): void {
    const before = this.#text;
    this.transform(toLowercase(before), () => expandSteps(before, lowercaseOf));
  }

  /** How many units of the rewritten text come from the head: the cost is the head's, not the text's. */
  #follow(steps: () => Iterable<RewriteStep>, removedAtStart: number): number {
    let offset = this.#skip(0, removedAtStart);
    let head = 0;
    for (const { character, change } of steps()) {
      if ((change > 0 ? offset - 1 : offset) >= this.#head) break;
      head += character.length;
      if (change <= 0) offset = this.#skip(offset, 1 - change);
    }
    return head;
  }

  #skip(offset: number, characters: number): number {
    for (let i = 0; i < characters && offset < this.#text.length; i++) {
      offset += sizeOf(this.#text.codePointAt(offset)!);
    }
    return offset;
  }

  /**
   * The reference rewrites the range of the text that its original maps to. That leaves out characters at the front that
   * stand for nothing, though the rewritten text has them too: they come out twice, or the reference fails.
   */
  #transformAfterWeightless(steps: () => Iterable<RewriteStep>, removedAtStart: number): void {
    const text = this.#text;
    if (text === '') return;
    const start = this.#originalIsEmpty ? 0 : this.#weightless;
    const end = this.#originalIsEmpty ? 0 : text.length;
    const pieces: string[] = [];
    let offset = start;
    const skip = (characters: number): void => {
      for (let i = 0; i < characters && offset < end; i++) offset += sizeOf(text.codePointAt(offset)!);
    };
    skip(removedAtStart);
    let head = 0;
    let weightless = 0;
    for (const { character, change } of steps()) {
      const source = change > 0 ? offset - 1 : offset;
      if (source >= text.length) {
        throw new TokenizerError(
          'invalid-argument',
          'The reference fails on this text: its normalizer inserts before the first character and rewrites afterwards',
        );
      }
      pieces.push(character);
      if (source < this.#head) head += character.length;
      if (source < this.#weightless) weightless += character.length;
      if (change <= 0) skip(1 - change);
    }
    this.#text = text.slice(0, start) + pieces.join('') + text.slice(end);
    // The characters left in front, and for an empty original those behind, keep their own alignment.
    const kept = this.#originalIsEmpty ? text.length : start;
    this.#head = head + kept;
    this.#weightless = weightless + kept;
  }
}
