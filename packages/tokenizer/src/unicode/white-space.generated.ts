// Written by scripts/unicode-tables.py from the answers of tokenizers 0.23.3; do not edit.
/** Rust's `char::is_whitespace`. */
export const WHITE_SPACE_RANGES: string =
  '*$2 p! : ml* p}!+=!$ O jt% ';
