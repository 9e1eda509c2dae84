import { basename, dirname, relative } from 'node:path';
import { readingOptions } from '../../flags/reading-flags.js';
import { isProblem } from '../../input/found-row.js';
import { type InputFile, inputName } from '../../input/input-file.js';
import { type ReadingOptions, readRows } from '../../input/row-reader.js';
import { NO_ID_FIELD } from '../../input/row-recipe.js';
import { FailureError } from '../../terminal/cli-error.js';
import { counted } from '../../terminal/terminal.js';
import type { MappedText, MappedTexts } from './mapped-texts.js';
import type { PlotFlags } from './plot-flags.js';
import { RandomSample } from './random-sample.js';

/** Reads the texts of files, coloured by a field or by the file. */
export async function textsOfFiles(
  files: readonly InputFile[],
  flags: PlotFlags,
  random: () => number,
  onNotice: (line: string) => void,
): Promise<MappedTexts> {
  const sample = new RandomSample<MappedText>(flags.limit, random);
  const field = flags.colorBy;
  const options: ReadingOptions = {
    ...readingOptions({ ...flags, idType: 'varchar', idField: NO_ID_FIELD }, onNotice),
    fields: field === undefined ? [] : [field],
  };
  const names = shortNames(files);
  let rejected = 0;
  let first: string | undefined;
  for (const file of files) {
    for await (const { found } of readRows(file, options)) {
      for (const each of found) {
        if (isProblem(each)) {
          rejected++;
          first ??= `${inputName(file.path)}, line ${each.line}: ${each.reason}`;
          continue;
        }
        const { text, ...fields } = each.row;
        const value = field === undefined ? names.get(file) : storedValue(fields, field);
        if (typeof text === 'string') sample.offer({ text, value });
      }
    }
  }
  if (sample.seen === 0 && first !== undefined) throw new FailureError(`no text could be read: ${first}`);
  const [only] = files;
  return {
    name: files.length === 1 ? basename(inputName(only!.path)) : counted(files.length, 'file'),
    sample,
    rejected,
    colored: field !== undefined || files.length > 1,
  };
}

/** Fields named like a collection's own are stored with an underscore. */
function storedValue(fields: Readonly<Record<string, unknown>>, name: string): unknown {
  return fields[name] ?? fields[`${name}_`];
}

/** File names below the folder that the files share. */
function shortNames(files: readonly InputFile[]): ReadonlyMap<InputFile, string> {
  const paths = files.map(({ path }) => path);
  let shared = dirname(paths[0] ?? '');
  const isInside = (path: string): boolean => !relative(shared, path).startsWith('..');
  while (!paths.every(isInside) && shared !== dirname(shared)) shared = dirname(shared);
  const shorten = (path: string): string => {
    const isFile = inputName(path) === path;
    return isFile && paths.every(isInside) ? relative(shared, path) : inputName(path);
  };
  return new Map(files.map((file) => [file, shorten(file.path)]));
}
