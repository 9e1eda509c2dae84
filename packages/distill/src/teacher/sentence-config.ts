import { join } from 'node:path';
import { DistillError } from '../distill-error.js';
import type { TokenPooling } from './teacher.js';
import { isObject, type JsonObject, parseJson, type TeacherFiles } from './teacher-files.js';

/** How a sentence transformer turns a text into one vector, according to its own files. */
export interface SentenceConfig {
  readonly pooling: Exclude<TokenPooling, 'pooler'>;
  /** Most tokens of a text, including special ones; `undefined` if the files do not say. */
  readonly maxTokens: number | undefined;
  readonly prompts: Readonly<Record<string, string>>;
  readonly defaultPrompt: string | undefined;
}

/** Pooling modes of sentence-transformers; dividing by the square root of the length changes no direction. */
const MODES: Readonly<Record<string, SentenceConfig['pooling']>> = {
  pooling_mode_mean_tokens: 'mean',
  pooling_mode_mean_sqrt_len_tokens: 'mean',
  pooling_mode_cls_token: 'first',
  pooling_mode_max_tokens: 'max',
  pooling_mode_lasttoken: 'last',
};

/** Steps after the transformer that change no direction. */
const HARMLESS = ['Normalize'];

/**
 * Reads `modules.json` and the files that it names. A folder without it uses mean pooling, like sentence-transformers.
 *
 * @throws {@link DistillError} with the code `unsupported-teacher` for a step that is not pooling
 */
export async function sentenceConfig(files: TeacherFiles, teacher: string): Promise<SentenceConfig> {
  const { read, poolingFolder } = await moduleFolders(files, teacher);
  const sentence = (await files.json('sentence_bert_config.json')) ?? {};
  const tokenizer = (await files.json('tokenizer_config.json')) ?? {};
  const prompts = (await files.json('config_sentence_transformers.json')) ?? {};
  const lengths = [sentence.max_seq_length, tokenizer.model_max_length].filter(
    (length): length is number => typeof length === 'number' && length > 0 && length < 1e9,
  );
  const named = isObject(prompts.prompts) ? prompts.prompts : {};
  return {
    pooling: read ? await poolingMode(files, poolingFolder, teacher) : 'mean',
    maxTokens: lengths.length === 0 ? undefined : Math.min(...lengths),
    prompts: Object.fromEntries(
      Object.entries(named).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
    ),
    defaultPrompt: typeof prompts.default_prompt_name === 'string' ? prompts.default_prompt_name : undefined,
  };
}

async function moduleFolders(
  files: TeacherFiles,
  teacher: string,
): Promise<{ readonly read: boolean; readonly poolingFolder: string }> {
  const bytes = await files.read('modules.json', true);
  if (bytes === undefined)
    return { read: await files.has('1_Pooling/config.json'), poolingFolder: '1_Pooling' };
  const modules = parseJson(bytes, join(files.folder, 'modules.json'));
  let poolingFolder: string | undefined;
  for (const step of Array.isArray(modules) ? modules.slice(1) : []) {
    const kind = isObject(step) ? String(step.type).split('.').at(-1)! : '';
    if (kind === 'Pooling') poolingFolder = String((step as JsonObject).path);
    else if (!HARMLESS.includes(kind)) {
      throw new DistillError(
        'unsupported-teacher',
        `${teacher}: modules.json has the step ${JSON.stringify(kind)}; supported are Pooling and Normalize`,
      );
    }
  }
  return { read: poolingFolder !== undefined, poolingFolder: poolingFolder ?? '' };
}

async function poolingMode(
  files: TeacherFiles,
  folder: string,
  teacher: string,
): Promise<SentenceConfig['pooling']> {
  const config = (await files.json(`${folder}/config.json`)) ?? {};
  const modes = Object.keys(config).filter((key) => key.startsWith('pooling_mode_') && config[key] === true);
  const mode = modes.length === 1 ? MODES[modes[0]!] : undefined;
  if (modes.length === 0) return 'mean';
  if (mode === undefined || config.include_prompt === false) {
    const found = config.include_prompt === false ? '"include_prompt": false' : modes.join(' and ');
    throw new DistillError(
      'unsupported-teacher',
      `${teacher}: ${folder}/config.json has ${found}; supported is one of ${Object.keys(MODES).join(', ')}`,
    );
  }
  return mode;
}
