import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Folder of what can be made again: `$XDG_CACHE_HOME/m2v`, else `~/.cache/m2v`; on Windows `%LOCALAPPDATA%\m2v\cache`.
 */
export function cacheFolder(name: string, environment: Environment = process.env): string {
  return join(userFolder(environment, 'XDG_CACHE_HOME', ['.cache'], 'cache'), name);
}

/**
 * Folder of the progress of runs: `$XDG_STATE_HOME/m2v`, else `~/.local/state/m2v`; on Windows
 * `%LOCALAPPDATA%\m2v\state`.
 */
export function stateFolder(name: string, environment: Environment = process.env): string {
  return join(userFolder(environment, 'XDG_STATE_HOME', ['.local', 'state'], 'state'), name);
}

function userFolder(
  environment: Environment,
  variable: string,
  underHome: readonly string[],
  onWindows: string,
): string {
  const chosen = environment[variable];
  // The XDG base directory specification ignores relative paths.
  if (chosen !== undefined && isAbsolute(chosen)) return join(chosen, 'm2v');
  if (process.platform === 'win32') {
    return join(environment.LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local'), 'm2v', onWindows);
  }
  return join(homedir(), ...underHome, 'm2v');
}
