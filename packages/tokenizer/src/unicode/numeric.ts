import { CodePointSet, decodeRanges } from './code-point-set.js';
import { NUMERIC_RANGES } from './numeric.generated.js';

/** Rust's `char::is_numeric`: all kinds of numbers, not only decimal digits. */
export const NUMERIC: CodePointSet = /* @__PURE__ */ new CodePointSet(() => decodeRanges(NUMERIC_RANGES));
