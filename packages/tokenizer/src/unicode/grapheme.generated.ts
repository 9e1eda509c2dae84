// Written by scripts/unicode-tables.py from the answers of tokenizers 0.23.3; do not edit.
/** Extend: what is only there or only in the combining marks. */
export const EXTEND_DIFFERENCE: string =
  '~j! {#)J*O W !"(# !R![!%!!!Q # Z"c Z"(  !M%!!] %!!!( u!  !"" "T#W ##^!Z !  ![  !W!!!$" "T"m !%&3!~% 3 {!!` x$!# % !!9!*"!&5!!%! *"rm  m$ &( !g w*#!"#! %n(!Z   )  !(%m ?!,8 Y#a > #!` !"  U((!x$ 0!{)$y6 trm !! # t !R0[ s  P P!#!!!{!!!!8 M   y! !!$ {(! ! !  z~M!po$#b$w,!n %g+Q#q"   y! !!- M"#!) u! v  P") ) $ } ""!- k$"?!W "  #!!!!5!u  !%  !  "#"  .!s "(!" 8 s !%  !  ! |(!%#! }!"(!  y!  !z!  !# l*) !n) *## r##!!# @*H%!#( )%!"N- !~%  "  k& . v! & ! s"%"  ! &  i!"   k.!+!T$$"7 ou) %/sr7,""xv$  Nq! +!pvTN!7ns& m$&r/ ^#y5#w)!l) ! &!$ o~#$tyws l!';

/** SpacingMark. */
export const SPACING_MARK_RANGES: string =
  'sw! W !"(# !R![!%!!!V Z"c Z"(  !U!] %!!!~!  !"" "T"^#^!Z !  !N .![!$" "U!m !%&3!` v" l#!` ~$ )!9!L nv  &( !j.#!"#! %n(!Z   5%s# Y#a > #!` !"  U((!x$ 5 kno !! y !R0p# P P!#!!!{!!!!8 j$ !!$ {(! ! !  ttW   v" M"#!j" 8![ P") . ~ ""!y$"?![  #!!!!5!v !/  !s!"(!" w!!%  !  ! |(!%#! }!"(!  y!  !z! & ~)") q)$ !&   p#"(## u  =!_ l& "   j& . v! & ! x&$#!  n.!, P!(!kxC"}v$W';

/** Prepend. */
export const PREPEND_RANGES: string =
  'yg%z& Q {/!q  rS ljv# / m)!u6 x`   |,%|> w2 ';

/** Control, CR and LF. */
export const CONTROL_RANGES: string =
  ' @k!A- y` o{& |j! !!8&Q0wvu" ~(,}x;0jvm #nt)(zxvt @l!w"~(~u$';

/** Extended_Pictographic. */
export const PICTOGRAPHIC_RANGES: string =
  'w$ # my/ , {& 6 { %/!j/!, s$ 9+#"j& u(!* ) Z# $) ! !!! # !  !! " "!("$   $,+!!  !  2 !!2%   !"!$ !!#!+!$!! $!   !4!$% #! # ! !%  !     % " % *!/ ! #   #"  +!P") . . o/!v3"3!S # xX , m:   q~x) G#p!,/!/ .!E*|!!,!. !*3X;/* 4 !) #)7%t%!|!!! "!t !" #$w) `+% 8&!!(, !#! #!-!! (!) $","("!   # % " %w Pg$(!1"  %!-}&F,#X(*%H(>!,#!.)G,O * q%y (.t#y)nN';

/** InCB=Consonant. */
export const CONSONANT_RANGES: string =
  'px!E>(8(54 &  "#B!  0!p$4 & ! $` ;4 & ! $B!  1 p$4 0>"r%Fp?K4 0%##" "!&"#-, ms Tk;Un%!%A1(V>-!+"kyp ""DM$!)*$m!0 "% "!l!+x&;nkT /# " =sq D= ! v8*  !  Fj_&! !( ! 8s& *H= +HrT- B';

/** InCB=Linker. */
export const LINKER_RANGES: string =
  '~z! v" x) v" x) x) lA l{  w< q( r! u|p  o, kyT os  q= x` l* r  pV ';

/** Hangul_Syllable_Type=L. */
export const LEADING_JAMO_RANGES: string =
  '{o&l!twv =';

/** Hangul_Syllable_Type=V. */
export const VOWEL_JAMO_RANGES: string =
  'rt&iwq|!7qou  "#';

/** Hangul_Syllable_Type=T. */
export const TRAILING_JAMO_RANGES: string =
  '{w&y yn|!Q';
