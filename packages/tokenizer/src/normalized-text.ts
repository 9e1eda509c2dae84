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

/** Steps of a rewriting per character: the first result replaces the character, the others are insertions. */
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
 * A text with those alignments to the original text on which ids depend.
 *
 * The reference's `NormalizedString` maps every byte to the original text. Ids depend on two facts of that map:
 * whether a piece begins at the original's first byte, which decides Metaspace's `prepend_scheme: "first"`, and which
 * leading characters are aligned with an empty range, because the reference skips those by mistake when it rewrites.
 * Alignments never decrease, so each fact is the length of a prefix.
 */
export class NormalizedText implements PipelineText<NormalizedText>, RewritableText {
  #text: string;
  /** Whether the original of this piece begins at the start of the whole original. */
  #startsAtOrigin: boolean;
  /** Number of leading UTF-16 units that are aligned with the first position of this piece's original. */
  #head: number;
  /** Number of those that are aligned with an empty range. */
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

  /** Makes the text; each lone surrogate becomes U+FFFD, as in a conversion to UTF-8. */
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

  /** Inserts `content` before a text that is not empty. */
  prepend(content: string): void {
    if (this.#text === '') return;
    const first = sizeOf(this.#text.codePointAt(0)!);
    if (content === '') {
      // The reference treats the first character as inserted at position 0, aligned with an empty range.
      this.#head = Math.max(this.#head, first);
      this.#weightless = Math.max(this.#weightless, first);
      return;
    }
    this.#text = content + this.#text;
    // The content shares the alignment of the first character.
    if (this.#head > 0) this.#head += content.length;
    if (this.#weightless > 0) this.#weightless += content.length;
  }

  /** Replaces every match with `content`. An empty text has no match. */
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
      // The content has the alignment of the last character that it replaces or follows; at position 0 an empty range.
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
   * Replaces the whole text with `rewritten`.
   *
   * @param steps - the same characters one by one, read only as far as the leading alignments need them
   * @param removedAtStart - number of characters that the rewriting drops before its first step
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
    // The reference counts characters dropped before the first kept one when it reaches that one.
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

  /** Normalizes the text to a form, with the Unicode version of the reference's crate. */
  toForm(form: NormalForm): void {
    const before = this.#text;
    this.transform(toNormalForm(before, form), () => formSteps(before, form));
  }

  lowercase(): void {
    const before = this.#text;
    this.transform(toLowercase(before), () => expandSteps(before, lowercaseOf));
  }

  /** Number of units of the rewritten text that come from the head. Costs the length of the head, not of the text. */
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
   * Rewrites a text with leading characters that are aligned with an empty range. The reference replaces only the range
   * that the original maps to, which leaves those characters out, although the rewritten text has them, too. So they
   * appear twice, or the reference fails.
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
          'the reference fails on this text: the normalizer inserts before the first character and rewrites afterwards',
        );
      }
      pieces.push(character);
      if (source < this.#head) head += character.length;
      if (source < this.#weightless) weightless += character.length;
      if (change <= 0) skip(1 - change);
    }
    this.#text = text.slice(0, start) + pieces.join('') + text.slice(end);
    // Characters that stay in front, and for an empty original those behind, keep their alignment.
    const kept = this.#originalIsEmpty ? text.length : start;
    this.#head = head + kept;
    this.#weightless = weightless + kept;
  }
}
