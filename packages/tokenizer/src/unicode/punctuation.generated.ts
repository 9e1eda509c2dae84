// Written by scripts/unicode-tables.py from the answers of tokenizers 0.23.3; do not edit.
/** ASCII punctuation, and category P of the unicode_categories crate. */
export const PUNCTUATION_RANGES: string =
  'B/*&:%:#B $ " *!" " ~> ( y3%I!S   ! ! L!4! !- !!k #r! K.w("V/? ~)!* z/ oB {  *!u$/  E#h k $#!{!%x$ x:)y# k;!L!o "h!j$" "E+s,!{&!w"& %y$&}##[$_!a(+ ~D8(4 - ,>!.!x;#=!nQ.p !?*y06`#@!|A# !|! q#O 3z2"#*!,0 , n! {  yya!q*"o! * j"%w/#w !H"  Q!O m!-0!s"#u"!0!r) |vL!s&*6C .  #  !w#" % #*!"!:"  ;    &k1"q= P o1 }@ j& ? t*)F |!&c&z #rV&y!! #u"#P!p $" -  "y %w! o7 s)7u!"q)"qk$$ujF!|" b$( owL kz.$';
