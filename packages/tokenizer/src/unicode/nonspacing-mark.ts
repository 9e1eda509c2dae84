import { CodePointSet, decodeRanges, differenceOf } from './code-point-set.js';
import { COMBINING_MARK } from './combining-mark.js';
import { NONSPACING_MARK_DIFFERENCE } from './nonspacing-mark.generated.js';

/** What BertNormalizer strips as an accent, once it has decomposed the text. */
export const NONSPACING_MARK: CodePointSet = /* @__PURE__ */ new CodePointSet(() =>
  differenceOf(COMBINING_MARK.ranges, decodeRanges(NONSPACING_MARK_DIFFERENCE)),
);
