// Written by scripts/unicode-tables.py from the answers of tokenizers 0.23.3; do not edit.
/** Category Mn of the unicode_categories crate: what is only there or only in the combining marks. */
export const NONSPACING_MARK_DIFFERENCE =
  '{T!{Q.A W !"(# !R!Z"%!. K Z"c Z"(  !U!Z   % / r!! !"". I"^#^!Z !#0!K!Z"$". J!l "%!  " 2!o-!` x$!# % !!9!*"!&5!!%! *"ku  &( !t%!~##!"#! %n(!Z   )  !(%l  f P (!# ^ > #!! ] !"  "!P((!x$ 0!k* w@# "|o%!kkc"l2!! y !R0  n#!O P!#! #z!!!!8 M   y! !!$ {(! ! !  ttW   v" M"#!j" v  P")!w!""!  ( n$"?!Z! #!!# ) *!t&2u!"% " " {("%!# }!"(!  y!  !% u!!# |Z( (s 6 .tqMN~nV!%%}{$& 1!& ! $sx!&';
