import { CodePointSet, decodeRanges } from './code-point-set.js';
import { CONTROL_RANGES } from './control.generated.js';

/** Characters that BertNormalizer removes: control, format and private-use ones except for three white ones, and U+FFFD. */
export const CONTROL: CodePointSet = /* @__PURE__ */ new CodePointSet(() => decodeRanges(CONTROL_RANGES));
