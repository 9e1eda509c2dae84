import { CodePointSet, decodeRanges } from './code-point-set.js';
import { WHITE_SPACE_RANGES } from './white-space.generated.js';

/** Rust's `char::is_whitespace`. */
export const WHITE_SPACE: CodePointSet = /* @__PURE__ */ new CodePointSet(() =>
  decodeRanges(WHITE_SPACE_RANGES),
);
