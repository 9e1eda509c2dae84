import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Folder of a user's installed files: `$XDG_DATA_HOME/m2v`, else `~/.local/share/m2v`; on Windows
 * `%LOCALAPPDATA%\m2v`.
 */
export function dataFolder(environment: Environment = process.env): string {
  return userFolder(environment, 'XDG_DATA_HOME', ['.local', 'share'], []);
}

/**
 * Folder of the state of running servers: `$XDG_STATE_HOME/m2v`, else `~/.local/state/m2v`; on Windows
 * `%LOCALAPPDATA%\m2v\state`.
 */
export function stateFolder(environment: Environment = process.env): string {
  return userFolder(environment, 'XDG_STATE_HOME', ['.local', 'state'], ['state']);
}

function userFolder(
  environment: Environment,
  variable: string,
  underHome: readonly string[],
  onWindows: readonly string[],
): string {
  const chosen = environment[variable];
  // The XDG base directory specification ignores relative paths.
  if (chosen !== undefined && isAbsolute(chosen)) return join(chosen, 'm2v');
  if (process.platform === 'win32') {
    return join(environment.LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local'), 'm2v', ...onWindows);
  }
  return join(homedir(), ...underHome, 'm2v');
}
