import type { InputFile } from '../../input/input-file.js';
import { findInputFiles } from '../../input/input-files.js';
import { FailureError } from '../../terminal/cli-error.js';
import type { IndexFlags } from './index-flags.js';

/** Milliseconds between two looks at the files. */
const INTERVAL = 1000;

/**
 * Yields the files each time one has changed, appeared or gone. Polls, because systems report changes of folders
 * unevenly and drop some under load.
 */
export async function* changedFiles(
  named: readonly string[],
  first: readonly InputFile[],
  { inputFormat, quiet }: IndexFlags,
): AsyncGenerator<readonly InputFile[], void, undefined> {
  const stateOf = (files: readonly InputFile[]): string => JSON.stringify(files);
  let state = stateOf(first);
  if (quiet !== true) process.stderr.write('m2v: watching for changes; Ctrl-C stops\n');
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, INTERVAL));
    let files: readonly InputFile[];
    try {
      files = await findInputFiles(named, inputFormat, () => undefined, { mayBeEmpty: true });
    } catch (error) {
      // A file can go while the folder is read; the next look sees it.
      if (!(error instanceof FailureError)) throw error;
      continue;
    }
    const next = stateOf(files);
    if (next === state) continue;
    state = next;
    yield files;
  }
}
