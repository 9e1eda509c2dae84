// Written by scripts/unicode-tables.py from the answers of tokenizers 0.23.3; do not edit.
/** What BertNormalizer's `clean_text` removes. */
export const CONTROL_RANGES: string =
  ' )!! 2k!A- r_%6 x% Q xo& |j!$:$Q$ *zvx!p}+wg r)"  xl& |mm!#nt)({xvt  >l!nys#njt#!njt#';
