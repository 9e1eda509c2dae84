import type { RewritableText } from '../pipeline-text.js';
import { CONTROL } from '../unicode/control.js';
import { NONSPACING_MARK } from '../unicode/nonspacing-mark.js';
import { WHITE_SPACE } from '../unicode/white-space.js';
import type { Normalizer } from './normalizer.js';

/** Settings of a BertNormalizer in `tokenizer.json`. */
export interface BertNormalizerOptions {
  readonly cleansText: boolean;
  readonly separatesChinese: boolean;
  readonly stripsAccents: boolean;
  readonly lowercases: boolean;
}

function isClean(codePoint: number): boolean {
  return !CONTROL.has(codePoint);
}

function plainSpace(codePoint: number): string | undefined {
  return codePoint !== 0x20 && WHITE_SPACE.has(codePoint) ? ' ' : undefined;
}

function isNotAccent(codePoint: number): boolean {
  return !NONSPACING_MARK.has(codePoint);
}

/** The reference's blocks. Its fifth extension begins at another code point than Unicode's. */
function isChinese(codePoint: number): boolean {
  if (codePoint < 0x3400) return false;
  return (
    (codePoint >= 0x4e00 && codePoint <= 0x9fff) ||
    codePoint <= 0x4dbf ||
    (codePoint >= 0xf900 && codePoint <= 0xfaff) ||
    (codePoint >= 0x20000 && codePoint <= 0x2a6df) ||
    (codePoint >= 0x2a700 && codePoint <= 0x2b73f) ||
    (codePoint >= 0x2b740 && codePoint <= 0x2b81f) ||
    (codePoint >= 0x2b920 && codePoint <= 0x2ceaf) ||
    (codePoint >= 0x2f800 && codePoint <= 0x2fa1f)
  );
}

function spaced(codePoint: number): string | undefined {
  return isChinese(codePoint) ? ` ${String.fromCodePoint(codePoint)} ` : undefined;
}

/** BERT's normalizer: cleans up, separates ideographs, strips accents, lowercases. */
export class BertNormalizer implements Normalizer<RewritableText> {
  readonly #options: BertNormalizerOptions;

  constructor(options: BertNormalizerOptions) {
    this.#options = options;
  }

  normalize(text: RewritableText): void {
    const { cleansText, separatesChinese, stripsAccents, lowercases } = this.#options;
    if (cleansText) {
      text.filter(isClean);
      text.map(plainSpace);
    }
    if (separatesChinese) text.map(spaced);
    if (stripsAccents) {
      text.decompose();
      text.filter(isNotAccent);
    }
    if (lowercases) text.lowercase();
  }
}
