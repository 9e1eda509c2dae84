import { describe, expect, it } from 'vitest';
import { expandSteps, NormalizedText } from './normalized-text.js';
import type { Pattern } from './pattern.js';
import { TokenizerError } from './tokenizer-error.js';

/** Whether the piece from `position` counts as the beginning of the original. */
function isOriginAt(text: NormalizedText, position: number): boolean {
  return text.slice(position, text.text.length).atOrigin;
}

/** Number of leading units that are aligned with the original's first position. */
function head(text: NormalizedText): number {
  let length = 0;
  while (length < text.text.length && isOriginAt(text, length)) length++;
  return length;
}

function at(...matches: number[]): Pattern {
  return { findAll: () => matches };
}

function same(text: NormalizedText): void {
  const before = text.text;
  text.transform(before, () => expandSteps(before, () => undefined));
}

describe('NormalizedText', () => {
  it('replaces each lone surrogate with U+FFFD', () => {
    expect(NormalizedText.of('\ud83d\ude00\ud83d').text).toBe('😀\ufffd');
    expect(NormalizedText.of('\ude00\ud83d\ud83d\ude00').text).toBe('\ufffd\ufffd😀');
  });

  it('starts at the origin with its first character', () => {
    expect(head(NormalizedText.of('ab'))).toBe(1);
    expect(head(NormalizedText.of('😀b'))).toBe(2);
    expect(NormalizedText.of('').atOrigin).toBe(true);
  });

  it('stays at the origin through slices that keep the first character, and otherwise leaves it for good', () => {
    const text = NormalizedText.of('abc');
    expect(text.slice(0, 2).slice(0, 1).atOrigin).toBe(true);
    const rest = text.slice(1, 3);
    expect(rest.atOrigin).toBe(false);
    expect(rest.slice(0, 1).atOrigin).toBe(false);
  });

  it('aligns what it prepends with the first character', () => {
    const text = NormalizedText.of('ab');
    text.prepend('xy');
    expect(text.text).toBe('xyab');
    expect(head(text)).toBe(3);
    const empty = NormalizedText.of('');
    empty.prepend('x');
    expect(empty.text).toBe('');
  });

  it('aligns a replacement with the last character that it replaces', () => {
    const text = NormalizedText.of('abcd');
    text.replace(at(0, 1, 3, 4), 'xy');
    expect(text.text).toBe('xybcxy');
    expect(head(text)).toBe(2);
    const later = NormalizedText.of('abcd');
    later.replace(at(0, 2), 'x');
    expect(later.text).toBe('xcd');
    // The piece with the replacement no longer begins at the original's start.
    expect(head(later)).toBe(0);
    expect(later.atOrigin).toBe(true);
  });

  it('aligns a character after removed ones with its own position', () => {
    const text = NormalizedText.of('abc');
    text.filter((codePoint) => codePoint !== 0x61);
    expect(text.text).toBe('bc');
    expect(head(text)).toBe(0);
    text.filter(() => false);
    expect(text.text).toBe('');
  });

  it('counts all characters that the first one became', () => {
    const text = NormalizedText.of('aa');
    text.map(() => 'xyz');
    expect(text.text).toBe('xyzxyz');
    expect(head(text)).toBe(3);
  });

  it('skips characters with an empty range when it rewrites, so that they appear twice, as in the reference', () => {
    const text = NormalizedText.of('ab\u0301');
    text.replace(at(0, 0), '-');
    expect(text.text).toBe('-ab\u0301');
    text.filter((codePoint) => codePoint !== 0x301);
    expect(text.text).toBe('--ab');
  });

  it('refuses to rewrite if skipping would lead the reference past the end', () => {
    const text = NormalizedText.of('ab');
    text.replace(at(0, 0), '-');
    expect(() => same(text)).toThrow(TokenizerError);
  });

  it('rewrites a piece with an empty range by prepending the new text', () => {
    const text = NormalizedText.of('ab');
    text.replace(at(0, 0), '-');
    const piece = text.slice(0, 1);
    expect(piece.atOrigin).toBe(true);
    same(piece);
    expect(piece.text).toBe('--');
  });
});
