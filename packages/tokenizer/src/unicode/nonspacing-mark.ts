import { CodePointSet, decodeRanges } from './code-point-set.js';
import { NONSPACING_MARK_RANGES } from './nonspacing-mark.generated.js';

/** What BertNormalizer strips as an accent, once it has decomposed the text. */
export const NONSPACING_MARK: CodePointSet = /* @__PURE__ */ new CodePointSet(() =>
  decodeRanges(NONSPACING_MARK_RANGES),
);
