import { oneLine } from './terminal.js';

/** Returns a function that prints lines for the user on standard error; with `--quiet` it prints nothing. */
export function noticesFor({ quiet }: { readonly quiet?: boolean }): (line: string) => void {
  return (line) => {
    if (quiet !== true) process.stderr.write(`m2v: ${oneLine(line)}\n`);
  };
}
