import { Command } from 'commander';

/**
 * Refuses a first word that names no subcommand, with a suggestion. Without this, the default subcommand would take the
 * word as one argument too many.
 */
export function refuseUnknownSubcommands(parent: Command): void {
  parent.hook('preSubcommand', () => {
    const [word] = parent.args;
    if (word === undefined || word.startsWith('-')) return;
    if (parent.commands.some((each) => each.name() === word)) return;
    const withoutDefault = new Command(parent.name()).copyInheritedSettings(parent);
    for (const each of parent.commands) withoutDefault.command(each.name());
    withoutDefault.parse([word], { from: 'user' });
  });
}
