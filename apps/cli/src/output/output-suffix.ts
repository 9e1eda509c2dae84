import { extname } from 'node:path';
import { UsageError } from '../terminal/cli-error.js';
import { STANDARD_OUTPUT } from './output.js';

/** Formats of a command's output by suffix. */
export interface SuffixFormats<F extends string | undefined> {
  /** Keys are lower-case suffixes such as `.svg`. */
  readonly formats: ReadonlyMap<string, F>;
  /** For standard output and names without a suffix. */
  readonly fallback: F;
  /** How to get formats that people try, by suffix. */
  readonly conversions?: ReadonlyMap<string, string>;
}

/**
 * Returns the format that the name of an output announces.
 *
 * @throws UsageError for a suffix that no format has, because the file would not be what its name says
 */
export function formatOfOutput<F extends string | undefined>(
  path: string | undefined,
  { formats, fallback, conversions }: SuffixFormats<F>,
  formatFlag: '--format' | undefined,
): F {
  if (path === undefined || path === STANDARD_OUTPUT) return fallback;
  const suffix = extname(path).toLowerCase();
  if (suffix === '' || suffix === '.') return fallback;
  const format = formats.get(suffix);
  if (format !== undefined) return format;
  const conversion = conversions?.get(suffix);
  const choice = `name the file ${[...formats.keys()].join(', ')}`;
  const flag = formatFlag === undefined ? '' : `, or pass ${formatFlag} to keep the name`;
  throw new UsageError(
    `cannot write ${path}: ${suffix} is not supported; ${conversion ?? `${choice}${flag}`}`,
  );
}
