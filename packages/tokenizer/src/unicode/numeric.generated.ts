// Written by scripts/unicode-tables.py from the answers of tokenizers 0.23.3; do not edit.
/** Rust's `char::is_numeric`. */
export const NUMERIC_RANGES: string =
  'Q*o"!$ !"mc*}"*~%*m1*m"*#%x!*m"*m"*!%z!-j"*(&s!*t!&&3y!*l!*m"*g4p**g*z?4tG"}(*%*6*{+*w"+r$*%*n%*w *}"*%*qO "%%*~%S!$l@]o 6u;>t` uB 9)."|-#l#*>( /@*G/jra*t%*z,%|#*F*~%*6*w *|0*rwM*j5M,Y1!z-;D#= ( }"$m&*rJ(9&G)l $6%m$!!0!Na)T!>"l $t!(8(I&o-%P*%*z*?k$*J#|!&}">w"*]*r#*&4t)*{-*m"*q/*r!*%4m ,u13~ *k=*w =q(*g*V*v.*r!5qP{!mx@*ky!*w *}"* &v6*j*7m."}qS*}d4,4x!9qRRpz!*w1*s5*p)*w?)w"*nC[ " #m M /qK-oy"*';
