import type { NormalizedText } from '../normalized-text.js';
import type { Normalizer } from './normalizer.js';

const REMOVED = /[\x01-\x08\x0b\x0e-\x1f\x7f\x8f\x9f]/;
const SPACES = /[\t\n\f\r\u1680\u200b-\u200f\u2028\u2029\u2581\ufeff\ufffd]/;

function isKept(codePoint: number): boolean {
  return codePoint > 0x9f || !REMOVED.test(String.fromCharCode(codePoint));
}

function plainSpace(codePoint: number): string | undefined {
  return codePoint <= 0xffff && SPACES.test(String.fromCharCode(codePoint)) ? ' ' : undefined;
}

/** SentencePiece's `nmt` rules: drops some control characters and turns others into spaces. */
export class Nmt implements Normalizer {
  normalize(text: NormalizedText): void {
    text.filter(isKept);
    text.map(plainSpace);
  }
}
