import { CodePointSet, decodeRanges } from './code-point-set.js';
import { WORD_RANGES } from './word.generated.js';

/** `\w` of Rust's regex crate, not of Oniguruma. */
export const WORD: CodePointSet = /* @__PURE__ */ new CodePointSet(() => decodeRanges(WORD_RANGES));

/** `\s` of the same crate, which is `char::is_whitespace`. */
export { WHITE_SPACE as REGEX_SPACE } from './white-space.js';
