import { ModelNotFoundError } from '../model-error.js';
import type { Layout } from './layout.js';

/** Says which files of which layouts were looked for, and which of them are missing. */
export async function missingModel(
  origin: string,
  prefix: string,
  layouts: readonly Layout[],
  isMissing: (path: string) => Promise<boolean>,
): Promise<ModelNotFoundError> {
  const paths = [...new Set(layouts.flatMap(({ config, table, tokenizer }) => [config, table, tokenizer]))];
  const missing: string[] = [];
  for (const path of paths) if (await isMissing(path)) missing.push(prefix + path);
  const tried = layouts.map(({ config, table, tokenizer }) => `${config} + ${table} + ${tokenizer}`);
  return new ModelNotFoundError(
    `${origin}: there is no model${prefix && ` in ${prefix}`}. Looked for ${tried.join(', or ')}; missing: ${missing.join(', ')}`,
    paths.map((path) => prefix + path),
  );
}
