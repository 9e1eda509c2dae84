import { CodePointSet, decodeRanges } from './code-point-set.js';
import { COMBINING_MARK_RANGES } from './combining-mark.generated.js';

/** Category M in the Unicode version of the normalizing crate. */
export const COMBINING_MARK: CodePointSet = /* @__PURE__ */ new CodePointSet(() =>
  decodeRanges(COMBINING_MARK_RANGES),
);
