import { CodePointSet, decodeRanges } from './code-point-set.js';
import { NONSPACING_MARK_RANGES } from './nonspacing-mark.generated.js';

/** Accents that BertNormalizer strips after decomposing the text. */
export const NONSPACING_MARK: CodePointSet = /* @__PURE__ */ new CodePointSet(() =>
  decodeRanges(NONSPACING_MARK_RANGES),
);
