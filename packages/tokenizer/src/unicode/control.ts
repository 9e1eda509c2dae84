import { CodePointSet, decodeRanges } from './code-point-set.js';
import { CONTROL_RANGES } from './control.generated.js';

/** What BertNormalizer's clean-up removes: control, format and private-use characters but for three white ones, and U+FFFD. */
export const CONTROL: CodePointSet = /* @__PURE__ */ new CodePointSet(() => decodeRanges(CONTROL_RANGES));
