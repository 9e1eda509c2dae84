import { script } from '@bomb.sh/tab';
import type { Shell } from './shell.js';

/**
 * Additions to the library's bash script: file names, and support for bash without the bash-completion package, as on
 * macOS.
 */
const BASH_ADDITIONS = `complete -o default -o bashdefault -F __m2v_complete m2v
declare -F _get_comp_words_by_ref > /dev/null || _get_comp_words_by_ref() {
    cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD - 1]}
    words=("\${COMP_WORDS[@]}") cword=$COMP_CWORD
}`;

/** `m2v completion`. */
export function printCompletionScript(shell: Shell): void {
  if (shell !== 'bash') {
    script(shell, 'm2v', 'm2v');
    return;
  }
  // The script's constants are read-only, so a shell that loads it twice would print an error for each.
  process.stdout.write('{\n');
  script(shell, 'm2v', 'm2v');
  process.stdout.write(`} 2> /dev/null\n${BASH_ADDITIONS}\n`);
}
