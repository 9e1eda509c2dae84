// Written by scripts/unicode-tables.py from the answers of tokenizers 0.23.3; do not edit.
/** What NFD of the reference's crate decomposes or reorders, and what no engine does between. */
export const DECOMPOSED_RANGES: string =
  'y%p.%.o&|!# ) %%   "9E#!K{%-F!!y#U  i+&$Dp$C >;m$)B# ) " $K"o". =I,&2"#"(}  .".!  t  ! $ 0 +"! ~  0 z! + !".!V U#q" # &!q! " %! #s"#s" /$z "-#x!!.#m L)=&7+ )=, k! 0#s  z?"xJ ? j$,n& q#"~&!h 4(! P.i         " A %   !! !F)V!Z +!d z#" - &# % "!~%V$n$#{ %6!%!F!%!(       ?!U / .!% 3!" (!!q&AU%z!w0p|  z6"o# l!@}7%<j #r!mvb #*@!q !x* u% ;2Y"E k! , }(  "!!$!  T o) 2uy6nz0~.!v!d: $   ! ! )|?0|K p( w#$wn    H"# r$!j` X :   . -!f"K!"!_ m  ) v!!j%!r  ."8&"$p& " k"!  "!o)!"!u" m"!j" r[ zkK$[&|wL ss)o!x""}q$& 1!& ! $}r!&y!&vu|#q7';
