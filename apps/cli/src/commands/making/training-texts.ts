import { readingOptions } from '../../flags/reading-flags.js';
import { isProblem } from '../../input/found-row.js';
import { findInputFiles } from '../../input/input-files.js';
import { readRows } from '../../input/row-reader.js';
import { NO_ID_FIELD } from '../../input/row-recipe.js';
import type { TextsFlags } from './making-flags.js';

/** Texts of files, read on demand. */
export interface TrainingTexts extends AsyncIterable<string> {
  /** Rows that could not be read so far. */
  readonly failed: number;
}

/** Finds the files now, so that a wrong name fails before any work; their rows are read later. */
export async function trainingTexts(
  named: readonly string[] | undefined,
  flags: TextsFlags,
  onNotice: (line: string) => void,
): Promise<TrainingTexts> {
  const files = await findInputFiles(named ?? [], flags.inputFormat, onNotice);
  const options = {
    ...readingOptions({ ...flags, idType: 'varchar', idField: NO_ID_FIELD }, onNotice),
    fields: [],
  };
  let failed = 0;
  return {
    get failed() {
      return failed;
    },
    async *[Symbol.asyncIterator]() {
      for (const file of files) {
        for await (const { found } of readRows(file, options)) {
          for (const each of found) {
            if (isProblem(each)) failed++;
            else if (typeof each.row.text === 'string') yield each.row.text;
          }
        }
      }
    },
  };
}
