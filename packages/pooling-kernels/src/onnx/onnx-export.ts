import type { StaticModel } from '@model2vec-ts/static-model';
import type { Tokenizer } from '@model2vec-ts/tokenizer';
import { KernelError } from '../kernel-error.js';
import { checkTable } from '../kernel-input.js';
import { shrinkTable } from '../kernel-remedy.js';
import { ONNX_CAPABILITIES } from './onnx-capabilities.js';
import { onnxModel } from './onnx-model.js';
import { paddedGraph } from './padded-graph.js';

/** Token limit if the model has none, because the tokenizers of ONNX tools need one. */
const DEFAULT_MAX_LENGTH = 512;

/** The parts of a model that an export needs. */
export type ExportedModel = Pick<StaticModel, 'table' | 'tokenizerJson' | 'config'>;

/** Options of {@link exportOnnx}. */
export interface ExportOnnxOptions {
  /**
   * Whether to scale embeddings to unit length.
   *
   * @defaultValue `normalize` of the model's config, else `false`
   */
  readonly normalize?: boolean | undefined;
}

/**
 * Exports a model as files that ONNX tools, such as transformers.js, ONNX Runtime in any language, or Vespa, load: by
 * their names in a folder, `model.onnx`, `tokenizer.json`, `tokenizer_config.json`, `special_tokens_map.json` and
 * `config.json`.
 *
 * The graph takes `input_ids` and `attention_mask` (int64, texts × tokens, padded) and returns `embeddings` (float32,
 * texts × dim): the signature and files of Python model2vec 0.10.0's `export_model_to_onnx`. As there, the tokenizer
 * loses its post-processor, so that special tokens do not affect the mean, and unknown tokens do not count. int8,
 * float16 and mapped tables keep their size in the file, and sums are float32 or wider.
 *
 * @param tokenizer - the model's tokenizer, from `loadTokenizer(model.tokenizerJson)`
 * @throws {@link KernelError} `unsupported-table` if the table does not fit in one ONNX file (2 GiB)
 *
 * @example
 * ```ts
 * import { writeFile } from 'node:fs/promises';
 * import { exportOnnx } from '@model2vec-ts/pooling-kernels/onnx';
 * import { loadStaticModel } from '@model2vec-ts/static-model';
 * import { loadTokenizer } from '@model2vec-ts/tokenizer';
 *
 * const model = await loadStaticModel('minishlab/potion-base-8M');
 * const files = exportOnnx(model, loadTokenizer(model.tokenizerJson));
 * for (const [name, bytes] of Object.entries(files)) await writeFile(`exported/${name}`, bytes);
 * ```
 */
export function exportOnnx(
  model: ExportedModel,
  tokenizer: Tokenizer,
  options: ExportOnnxOptions = {},
): Readonly<Record<string, Uint8Array>> {
  const { table, tokenizerJson, config } = model;
  checkTable(table);
  const bytes = table.data.byteLength + (table.mapping?.byteLength ?? 0) + (table.weights?.byteLength ?? 0);
  const { maxTableBytes } = ONNX_CAPABILITIES;
  if (maxTableBytes !== undefined && bytes > maxTableBytes) {
    throw new KernelError(
      'unsupported-table',
      `one ONNX file holds a table of at most ${maxTableBytes} bytes; found ${bytes}`,
      shrinkTable(),
    );
  }
  const { padId, padToken } = padding(tokenizerJson, tokenizer);
  const graph = paddedGraph(table, {
    normalize: options.normalize ?? config.normalize ?? false,
    unknownId: tokenizer.unknownId ?? undefined,
  });
  return {
    'model.onnx': onnxModel(graph),
    'tokenizer.json': json({
      ...parsed(tokenizerJson),
      post_processor: null,
      truncation: null,
      padding: {
        strategy: 'BatchLongest',
        direction: 'Right',
        pad_to_multiple_of: null,
        pad_id: padId,
        pad_type_id: 0,
        pad_token: padToken,
      },
    }),
    'tokenizer_config.json': json({
      tokenizer_class: 'PreTrainedTokenizerFast',
      model_max_length: config.max_length ?? DEFAULT_MAX_LENGTH,
      model_input_names: ['input_ids', 'attention_mask'],
      clean_up_tokenization_spaces: false,
      pad_token: padToken,
      ...(tokenizer.unknownId !== null && { unk_token: tokenizer.idToToken(tokenizer.unknownId) }),
    }),
    'special_tokens_map.json': json({ pad_token: padToken }),
    'config.json': json({ pad_token_id: padId }),
  };
}

/** The padding token, by the reference's rule: the tokenizer's own, else `[PAD]`, else the unknown token, else id 0. */
function padding(
  tokenizerJson: Uint8Array,
  tokenizer: Tokenizer,
): { readonly padId: number; readonly padToken: string } {
  const own = parsed(tokenizerJson).padding?.pad_id;
  const padId = own ?? tokenizer.tokenToId('[PAD]') ?? tokenizer.unknownId ?? 0;
  return { padId, padToken: tokenizer.idToToken(padId) ?? '' };
}

/** Parses `tokenizer.json`, which the tokenizer has already checked. */
function parsed(tokenizerJson: Uint8Array): { readonly padding?: { readonly pad_id?: number } | null } {
  return JSON.parse(new TextDecoder().decode(tokenizerJson));
}

function json(value: object): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(value, undefined, 2)}\n`);
}
