// Written by scripts/unicode-tables.py from the answers of tokenizers 0.23.3; do not edit.
/** Category M of Unicode 9, which StripAccents removes. */
export const COMBINING_MARK_RANGES: string =
  'mB|!w*&k*M   ! !  i+P50 q!&!%!! #C >;| +Z)B# ) " $K"o". AV" 2 &*!="X  &!!!") *!="X  $#!!"" >!" +"X  ( " "4!="X  &!!!"(!*!> [$"" #) H#Z& " #&!+!="X  & " #&!+!="Z& " #) *!>!g #%   (2!^ !&,(n! !% !+%k !;     #!Q4 !$+ D) p!47##" "!&"#-,  *#j?"vJ"="=!>!a@) M"n"!B m",#,~&$Y* =! P/b$O1F),">-X.P4z#" 5# #""!~%V$${?Ayq#"o# l!@}7%u!!}zb# *@!q !t* " # 7$y !R2:2T(9-L#O.D d., (!M"R  "!!$!  I$$!z(( !|qK w@000|K p( w#$kn " !$#H"# r$!x["U/X#M+f"D._ ,"P.)"k!,% m$,5#X  &!!!") *!!&"$x%2u!4y(&!);!s 1v!-q!/wZ( (s 6 .l{J$[&uON0#xlJ!zs)$"%((!&>#v#"z| W#R( . 6$ /p_& 1!& ! $}r!&y!&xs~s ~(';
