import { platform } from '#platform';
import { joinSignals } from './abort.js';
import type { HubAccess } from './hub/hub-access.js';
import { checkTokenizerJson, parseModelConfig } from './model-config.js';
import { ModelError } from './model-error.js';
import type { Safetensors } from './safetensors/tensor.js';
import { LENGTH_BYTES, usualHeaderEnd, usualSafetensors } from './safetensors/usual-safetensors.js';
import type { FileBytes } from './source/file-bytes.js';
import type { KeptTables } from './source/kept-tables.js';
import { subfolderPrefix } from './source/layout.js';
import type { LoadProgress } from './source/load-progress.js';
import { readLayout } from './source/model-files.js';
import type { ReadContext } from './source/model-folder.js';
import { openSource } from './source/open-source.js';
import type { ModelSource, StaticModel } from './static-model.js';
import type { EmbeddingTable, TableFile, TableRanges, TableShape } from './table/embedding-table.js';
import { fingerprintOf } from './table/fingerprint.js';
import type { Vocabulary } from './table/model-fit.js';
import type { QuantizedDtype } from './table/quantize.js';
import { findTable, readTable } from './table/read-table.js';
import { fits } from './table/shape-fit.js';
import type { TableParts } from './table/table-parts.js';

/** Options of {@link loadStaticModel}. */
export interface LoadStaticModelOptions extends HubAccess {
  /** Folder of the model inside the source, with `/` as separator. @defaultValue the source's own folder */
  readonly subfolder?: string;
  /** Keep only the first columns, after `quantizeTo`, as the reference does. @defaultValue all columns */
  readonly dimensionality?: number;
  /** Element type to convert the table to, as the reference's `quantize_to`. @defaultValue the file's own */
  readonly quantizeTo?: QuantizedDtype;
  /** Stops the load, which then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Called as bytes arrive from disk or network; not called for bytes in memory. */
  readonly onProgress?: (progress: LoadProgress) => void;
  /**
   * Allocates the table, for example in a kernel's memory, which then need not copy it. Called once, before the values
   * are read; may throw. If absent, or if it returns `undefined`, the table gets its own memory, or is a view of the
   * files if they are in memory.
   *
   * If the model is a file on disk that is not converted, `openFile` opens its rows; if it is a `rangedFile`, `openRanges`
   * does. A returned table with this `file` or these `ranges` is not filled; its owner closes them.
   */
  readonly allocateTable?: (
    shape: TableShape,
    openFile?: () => TableFile,
    openRanges?: () => TableRanges,
  ) => EmbeddingTable | undefined;
  /**
   * Reads `tokenizer.json` while the table is still loading, and returns its vocabulary, which is then checked as
   * `checkModelFit` does. An error it throws ends the load.
   *
   * In Node, `tables` is a place for what it computes from a `tokenizer.json` of a megabyte or more.
   */
  readonly readTokenizer?: (
    tokenizerJson: Uint8Array,
    tables?: KeptTables,
  ) => Vocabulary | Promise<Vocabulary>;
  /**
   * Keep tables of large tokenizers on disk, in Node, so that later loads are faster. They are files of the folder
   * `model2vec-ts/tokenizers` in `HF_ASSETS_CACHE`, `HF_HOME/assets` or `~/.cache/huggingface/assets`, checked by hash and
   * safe to delete.
   *
   * @defaultValue `true`
   */
  readonly keepTables?: boolean;
  /** Replaces the platform's `fetch`, for example to use a proxy. */
  readonly fetch?: typeof fetch;
  /**
   * Longest silence of a server in milliseconds, before its answer and between parts of the body. A file must also
   * arrive at 1,000 bytes per second or more, averaged over this time. To limit the whole load, pass `signal:
   * AbortSignal.timeout(…)`.
   *
   * @defaultValue for Hub models `HF_HUB_ETAG_TIMEOUT` and `HF_HUB_DOWNLOAD_TIMEOUT`, which are in seconds, else
   * 10,000; for other addresses 30,000
   */
  readonly stallTimeout?: number;
}

/**
 * Finds, reads and checks a Model2Vec static model, and converts it if asked.
 *
 * The folder has one of the reference's three layouts: `config.json` or `config_sentence_transformers.json` with
 * `model.safetensors` and `tokenizer.json`, or `config_sentence_transformers.json` with the other two in
 * `0_StaticEmbedding/`. `tokenizer.json` is returned unparsed; {@link checkModelFit} compares its vocabulary with the
 * table. The table's arrays are views of `model.safetensors` if possible, so do not change bytes that you passed.
 *
 * @param source - a folder, the URL of one, a Hub id, or the files themselves
 * @throws {@link ModelNotFoundError} if there is no model
 * @throws {@link ModelRefusedError} if a server requires other credentials
 * @throws {@link ModelUnreachableError} if a server fails, or is silent for longer than `stallTimeout`
 * @throws {@link MalformedModelError} if a file breaks its format
 * @throws {@link UnsupportedModelError} if a dtype or a kind of source is not supported
 * @throws {@link ModelMismatchError} if the parts do not fit together, or contain NaN or infinite elements
 * @throws {@link ModelError} with the code `invalid-argument` for a wrong option
 *
 * @example
 * ```ts
 * import { loadStaticModel } from '@model2vec-ts/static-model';
 *
 * const model = await loadStaticModel('minishlab/potion-base-8M', { quantizeTo: 'int8', dimensionality: 128 });
 * console.log(model.table.rows, model.table.dim, model.config.normalize, model.fingerprint);
 * ```
 */
export async function loadStaticModel(
  source: ModelSource,
  options: LoadStaticModelOptions = {},
): Promise<StaticModel> {
  const { signal, quantizeTo, stallTimeout } = options;
  signal?.throwIfAborted();
  // Checked before anything is read, so that a wrong option costs no download.
  if (quantizeTo !== undefined || stallTimeout !== undefined) {
    const { checkQuantizeTo, checkStallTimeout } = await import('./load-options.js');
    checkQuantizeTo(quantizeTo);
    checkStallTimeout(stallTimeout);
  }
  const prefix = subfolderPrefix(options.subfolder ?? '');

  // If one read fails, the others stop.
  const joined = joinSignals(signal);
  const context = {
    signal: joined.signal,
    onProgress: options.onProgress ?? ((): void => undefined),
    stallTimeout,
    fetch: options.fetch,
  };
  try {
    const folder = await openSource(source, options, prefix, context);
    const { layout, table: bytes, ...files } = await readLayout(folder, prefix);
    try {
      signal?.throwIfAborted();
      const config = await parseModelConfig(files.config, prefix + layout.config);
      checkTokenizerJson(files.tokenizer, prefix + layout.tokenizer);
      const parts = findTable(await readHeader(bytes, prefix + layout.table), layout.tensors);
      const origin = prefix === '' ? folder.origin : `${folder.origin} (${prefix.slice(0, -1)})`;
      const reading = readConverted(parts, bytes, options);
      // Awaited below, but it can fail before.
      reading.catch(() => undefined);
      try {
        // The table's bytes arrive while this keeps the thread busy.
        const vocabulary = await readVocabulary(files.tokenizer, options, context);
        if (vocabulary && !fits(parts.shape, vocabulary)) {
          (await import('./table/model-fit.js')).checkShapeFit(parts.shape, origin, vocabulary);
        }
      } catch (error) {
        joined.abort(error);
        await reading.catch(() => undefined);
        throw error;
      }
      const table = await reading;
      signal?.throwIfAborted();
      let fingerprint: string | undefined;
      return {
        table: Object.freeze(table),
        tokenizerJson: files.tokenizer,
        config,
        layout: layout.name,
        origin,
        get fingerprint(): string {
          fingerprint ??= fingerprintOf(table, files.tokenizer, platform.createSha256());
          return fingerprint;
        },
      };
    } finally {
      bytes.close();
    }
  } finally {
    joined.release();
    joined.abort();
  }
}

/** A vocabulary of a smaller `tokenizer.json` is read about as fast from the file itself. */
const LARGE_TOKENIZER_BYTES = 1 << 20;

async function readVocabulary(
  tokenizerJson: Uint8Array,
  { readTokenizer, keepTables = true }: LoadStaticModelOptions,
  context: ReadContext,
): Promise<Vocabulary | undefined> {
  const keeps = keepTables && readTokenizer && tokenizerJson.length >= LARGE_TOKENIZER_BYTES;
  return readTokenizer?.(
    tokenizerJson,
    keeps ? await platform.keptTables?.(tokenizerJson, context) : undefined,
  );
}

async function readHeader(bytes: FileBytes, file: string): Promise<Safetensors> {
  const head = bytes.whole ?? (await readHead(bytes, file));
  const usual = usualSafetensors(head, file, bytes.size);
  if (usual !== undefined) return usual;
  // Loaded on demand: few programs need the parser that reads every file and explains errors.
  const { parseSafetensors } = await import('./safetensors/safetensors.js');
  return parseSafetensors(head, file, bytes.size);
}

async function readHead(bytes: FileBytes, file: string): Promise<Uint8Array> {
  const length = new Uint8Array(Math.min(bytes.size, LENGTH_BYTES));
  await bytes.read(length, 0);
  const end =
    usualHeaderEnd(length, bytes.size) ??
    (await import('./safetensors/safetensors.js')).headerEnd(length, file, bytes.size);
  const head = new Uint8Array(end);
  head.set(length);
  await bytes.read(head.subarray(LENGTH_BYTES), LENGTH_BYTES);
  return head;
}

/** Reads the table into the allocated memory, converted as asked. */
async function readConverted(
  parts: TableParts,
  bytes: FileBytes,
  { quantizeTo, dimensionality, allocateTable }: LoadStaticModelOptions,
): Promise<EmbeddingTable> {
  if (quantizeTo === undefined && dimensionality === undefined) return readTable(parts, bytes, allocateTable);
  const { readConvertedTable } = await import('./table/converted-table.js');
  return readConvertedTable(parts, bytes, { quantizeTo, dimensionality, allocate: allocateTable });
}
