import { ModelNotFoundError } from '../model-error.js';
import type { ModelAdvice } from '../remedy.js';
import { LAYOUTS } from './layout.js';
import { saveAsSafetensors, useSubfolder } from './source-remedies.js';

/** Names of weights in other formats than `model.safetensors`. */
const OTHER_WEIGHTS: readonly (readonly [what: string, name: RegExp])[] = [
  ['weights in several parts', /(?:^|\/)model-\d+-of-\d+\.safetensors$|\.safetensors\.index\.json$/],
  ['pickled weights', /\.(?:bin|pt|pth|ckpt|pkl|pickle|joblib)$/],
  ['weights under another name', /\.safetensors$/],
  ['ONNX weights', /\.onnx$/],
  ['GGUF weights', /\.gguf$/],
];

const SHOWN_FILES = 3;

/**
 * Creates the error for a source without a model. It lists the files of each layout, the missing ones, and weights in
 * another form if there are any.
 *
 * @param present - paths of the files at the source; `undefined` if it cannot list them
 */
export async function missingModel(
  origin: string,
  prefix: string,
  present: readonly string[] | undefined,
  isMissing: (path: string) => boolean | Promise<boolean>,
): Promise<ModelNotFoundError> {
  const paths = [...new Set(LAYOUTS.flatMap(({ config, table, tokenizer }) => [config, table, tokenizer]))];
  const missing: string[] = [];
  for (const path of paths) if (await isMissing(path)) missing.push(prefix + path);
  const tried = LAYOUTS.map(({ config, table, tokenizer }) => `${config} + ${table} + ${tokenizer}`);
  const { found, ...advice } = whatIsThere(present ?? [], prefix);
  return new ModelNotFoundError(
    `${origin}: there is no model${prefix && ` in ${prefix}`}${found}. Looked for ${tried.join(', or ')}; missing: ${missing.join(', ')}`,
    paths.map((path) => prefix + path),
    advice,
  );
}

function whatIsThere(
  present: readonly string[],
  prefix: string,
): { readonly found: string } & Partial<ModelAdvice> {
  const subfolders = foldersWithModel(present).filter((folder) => `${folder}/` !== prefix);
  if (subfolders.length > 0) {
    return {
      found: `, but there is one in ${shownNames(subfolders)}`,
      ...useSubfolder(subfolders.slice(0, SHOWN_FILES)),
    };
  }
  const inside = present.filter((path) => path.startsWith(prefix)).map((path) => path.slice(prefix.length));
  if (inside.includes('model.safetensors')) return { found: '' };
  for (const [what, name] of OTHER_WEIGHTS) {
    const files = inside.filter((path) => name.test(path));
    if (files.length > 0) {
      return { found: `, but ${what}: ${shownNames(files)}`, ...saveAsSafetensors() };
    }
  }
  return { found: '' };
}

/** Subfolders that hold all files of a layout. */
function foldersWithModel(present: readonly string[]): readonly string[] {
  const all = new Set(present);
  return present
    .filter((path) => path.endsWith('/tokenizer.json'))
    .map((path) => path.slice(0, -'/tokenizer.json'.length))
    .map((folder) => folder.replace(/(?:^|\/)0_StaticEmbedding$/, ''))
    .filter((folder) => folder !== '')
    .filter((folder) =>
      LAYOUTS.some((layout) =>
        [layout.config, layout.table, layout.tokenizer].every((path) => all.has(`${folder}/${path}`)),
      ),
    );
}

function shownNames(names: readonly string[]): string {
  const shown = names.slice(0, SHOWN_FILES).join(', ');
  return names.length > SHOWN_FILES ? `${shown}, … (${names.length})` : shown;
}
