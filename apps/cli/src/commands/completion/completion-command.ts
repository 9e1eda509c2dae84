import { Argument, type Command } from 'commander';
import { SHELLS, type Shell } from './shell.js';

/** Adds `m2v completion`. */
export function addCompletionCommand(program: Command): void {
  program
    .command('completion')
    .summary('print a script for shell completion')
    .description('Prints a script that completes commands, flags, their values and files in a shell.')
    .addArgument(new Argument('<shell>', 'shell that reads the script').choices(SHELLS))
    .addHelpText(
      'after',
      `
Examples:
  $ source <(m2v completion bash)                          # in ~/.bashrc
  $ source <(m2v completion zsh)                           # in ~/.zshrc, after compinit
  $ m2v completion fish > ~/.config/fish/completions/m2v.fish
  > m2v completion powershell | Out-String | Invoke-Expression   # in $PROFILE`,
    )
    .action(async (shell: Shell) => {
      (await import('./completion-script.js')).printCompletionScript(shell);
    });
}
