import { CodePointSet, decodeRanges } from './code-point-set.js';
import { PUNCTUATION_RANGES } from './punctuation.generated.js';

/** Punctuation of the reference: all ASCII symbols, and category P elsewhere. */
export const PUNCTUATION: CodePointSet = /* @__PURE__ */ new CodePointSet(() =>
  decodeRanges(PUNCTUATION_RANGES),
);
