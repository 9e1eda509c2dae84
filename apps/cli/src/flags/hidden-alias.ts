import { type Command, Option } from 'commander';

/** An option that stores its value under the name of another option. */
class AliasOption extends Option {
  readonly #target: string;

  constructor(flags: string, target: Option) {
    super(flags);
    this.#target = target.attributeName();
    if (target.argChoices !== undefined) this.argChoices = target.argChoices;
    if (target.parseArg !== undefined) this.parseArg = target.parseArg;
    this.hideHelp();
  }

  override attributeName(): string {
    return this.#target;
  }
}

/**
 * Keeps earlier names of an option working; neither help nor completion lists them.
 *
 * @param flag - the current name of the option, such as `--milvus`
 * @param aliases - the earlier names, each with its argument, such as `--to <address>`
 */
export function addHiddenAliases(command: Command, flag: string, ...aliases: readonly string[]): Command {
  const target = command.options.find(({ long }) => long === flag);
  if (target === undefined) throw new TypeError(`${command.name()} has no option ${flag}`);
  for (const alias of aliases) command.addOption(new AliasOption(alias, target));
  return command;
}
