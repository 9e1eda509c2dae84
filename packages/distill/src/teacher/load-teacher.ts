import { availableParallelism } from 'node:os';
import { loadTokenizer, type Tokenizer } from '@model2vec-ts/tokenizer';
import { DistillError } from '../distill-error.js';
import { type Encoder, openEncoder, type PaddedBatch } from './encoder.js';
import { type SentenceConfig, sentenceConfig } from './sentence-config.js';
import { type SpecialTokenIds, specialTokenIds } from './special-token-ids.js';
import type {
  SpecialTokens,
  Teacher,
  TeacherEncodeOptions,
  TeacherPassOptions,
  TokenPooling,
} from './teacher.js';
import { isObject, type JsonObject, parseObject, TeacherFiles } from './teacher-files.js';
import { ONNX_FILES, type TeacherSourceOptions, teacherFolder } from './teacher-source.js';
import { poolTokens } from './token-pooling.js';

/** Options for loading a teacher. Those of {@link HubAccess} apply to a Hub id. */
export interface LoadTeacherOptions extends TeacherSourceOptions {
  /**
   * Name of the teacher in models made from it, such as its id on the Hub.
   * @defaultValue the source
   */
  readonly name?: string | undefined;
  /**
   * Path of the ONNX file in the folder. If there is none, `model.safetensors` is read.
   * @defaultValue `onnx/model.onnx`, else `model.onnx`
   */
  readonly onnxFile?: string | undefined;
  /**
   * Threads of ONNX Runtime.
   * @defaultValue one per core
   */
  readonly threads?: number | undefined;
  /** Most tokens of a text, if fewer than the teacher allows. */
  readonly maxTokens?: number | undefined;
}

/** Padded tokens per batch of texts: enough to keep the cores busy, few enough that the states fit their caches. */
const BATCH_TOKENS = 2048;
const BATCH_TEXTS = 64;
/** Sequences per batch of tokens, as in the reference. */
const BATCH_SEQUENCES = 256;

/**
 * Loads a sentence transformer as a teacher. It runs in ONNX Runtime, through the package `onnxruntime-node`, which you
 * install.
 *
 * @param source - Hub id, or a folder with `config.json`, `tokenizer.json` and `onnx/model.onnx` or, for BERT, RoBERTa,
 * XLM-RoBERTa, CamemBERT, MPNet and DistilBERT, `model.safetensors`. Only the files that are needed are downloaded
 * @throws {@link DistillError} with the code `missing-runtime`, `teacher-not-found`, `unsupported-teacher` or
 * `malformed-teacher`
 * @throws `ModelError` of `@model2vec-ts/static-model` if the Hub has no such repository or cannot be reached
 *
 * @example
 * ```ts
 * import { loadTeacher } from '@model2vec-ts/distill';
 *
 * const teacher = await loadTeacher('sentence-transformers/all-MiniLM-L6-v2');
 * const vectors = await teacher.encode(['a text', 'another one']); // 2 × teacher.dim
 * await teacher.close();
 * ```
 */
export async function loadTeacher(source: string | URL, options: LoadTeacherOptions = {}): Promise<Teacher> {
  const { name = String(source), threads = availableParallelism(), onnxFile, maxTokens, ...access } = options;
  const onnxFiles = onnxFile === undefined ? ONNX_FILES : [onnxFile];
  const files = new TeacherFiles(await teacherFolder(source, onnxFiles, access));
  const config = await files.json('config.json');
  if (config === undefined) {
    throw new DistillError('teacher-not-found', `${name} has no config.json`, {
      remedy: { code: 'use-sentence-transformer' },
    });
  }
  const tokenizerJson = await files.read('tokenizer.json', true);
  if (tokenizerJson === undefined) {
    throw new DistillError('unsupported-teacher', `${name} has no tokenizer.json`, {
      remedy: { code: 'save-fast-tokenizer', teacher: name },
    });
  }
  const sentence = await sentenceConfig(files, name);
  const encoder = await openEncoder(files, config, name, onnxFiles, threads);
  const limits = [maxTokens, sentence.maxTokens, encoder.maxPositions].filter((limit) => limit !== undefined);
  return new OnnxTeacher({
    name,
    encoder,
    sentence,
    tokenizerJson,
    fingerprint: files.fingerprint(),
    maxTokens: Math.min(...limits, 8192),
    tokenizer: loadTokenizer(tokenizerJson),
    around: specialTokenIds(parseObject(tokenizerJson, 'tokenizer.json').post_processor),
    specialTokens: specialTokens((await files.json('tokenizer_config.json')) ?? {}),
  });
}

/** `"[PAD]"`, or an object with it as `content`. */
function specialTokens(config: JsonObject): SpecialTokens {
  const content = (value: unknown): string | undefined => {
    if (typeof value === 'string') return value;
    return isObject(value) && typeof value.content === 'string' ? value.content : undefined;
  };
  const unknown = content(config.unk_token);
  const padding = content(config.pad_token);
  return { ...(unknown !== undefined && { unknown }), ...(padding !== undefined && { padding }) };
}

interface TeacherParts {
  readonly name: string;
  readonly encoder: Encoder;
  readonly sentence: SentenceConfig;
  readonly tokenizerJson: Uint8Array;
  readonly fingerprint: string;
  readonly maxTokens: number;
  readonly tokenizer: Tokenizer;
  readonly around: SpecialTokenIds;
  readonly specialTokens: SpecialTokens;
}

class OnnxTeacher implements Teacher {
  readonly #parts: TeacherParts;
  readonly name: string;
  readonly dim: number;
  readonly fingerprint: string;
  readonly maxTokens: number;
  readonly prompts: Readonly<Record<string, string>>;
  readonly tokenizerJson: Uint8Array;
  readonly specialTokens: SpecialTokens;

  constructor(parts: TeacherParts) {
    this.#parts = parts;
    this.name = parts.name;
    this.dim = parts.encoder.dim;
    this.fingerprint = parts.fingerprint;
    this.maxTokens = parts.maxTokens;
    this.prompts = parts.sentence.prompts;
    this.tokenizerJson = parts.tokenizerJson;
    this.specialTokens = parts.specialTokens;
  }

  async encode(texts: readonly string[], options: TeacherEncodeOptions = {}): Promise<Float32Array> {
    const { tokenizer, around, sentence } = this.#parts;
    const prompt = this.#prompt(options.prompt);
    const maxTokens = Math.max(this.maxTokens - around.before.length - around.after.length, 0);
    const sequences = texts.map((text) => {
      const ids = tokenizer.encode(prompt + text, { maxTokens });
      return [...around.before, ...ids, ...around.after];
    });
    const vectors = await this.#pass(sequences, sentence.pooling, BATCH_TEXTS, options);
    this.#normalize(vectors, texts);
    return vectors;
  }

  async encodeTokens(
    sequences: readonly (readonly number[])[],
    pooling: TokenPooling,
    options: TeacherPassOptions = {},
  ): Promise<Float32Array> {
    const { encoder } = this.#parts;
    if (pooling === 'pooler' && !encoder.hasPooler) {
      throw new DistillError('unsupported-teacher', `${this.name} has no pooler`, {
        remedy: { code: 'choose-option', option: 'pooling', values: ['mean', 'first', 'last'] },
      });
    }
    return await this.#pass(sequences, pooling, BATCH_SEQUENCES, options);
  }

  async close(): Promise<void> {
    await this.#parts.encoder.close();
  }

  #prompt(name: string | null | undefined): string {
    const chosen = name === undefined ? this.#parts.sentence.defaultPrompt : name;
    if (chosen === null || chosen === undefined) return '';
    const prompt = Object.hasOwn(this.prompts, chosen) ? this.prompts[chosen] : undefined;
    if (prompt !== undefined) return prompt;
    const values = Object.keys(this.prompts);
    throw new DistillError('invalid-argument', `${this.name} has no prompt ${JSON.stringify(chosen)}`, {
      remedy: { code: 'choose-option', option: 'prompt', values },
    });
  }

  async #pass(
    sequences: readonly (readonly number[])[],
    pooling: TokenPooling,
    batchTexts: number,
    { signal, onProgress }: TeacherPassOptions,
  ): Promise<Float32Array> {
    const { encoder } = this.#parts;
    const { dim } = encoder;
    const out = new Float32Array(sequences.length * dim);
    // Sorted by length to minimise padding.
    const order = Uint32Array.from(sequences, (_, i) => i).sort(
      (a, b) => sequences[a]!.length - sequences[b]!.length || a - b,
    );
    for (let from = 0; from < order.length; ) {
      signal?.throwIfAborted();
      let to = from + 1;
      while (
        to < order.length &&
        to - from < batchTexts &&
        (to - from + 1) * sequences[order[to]!]!.length <= BATCH_TOKENS
      ) {
        to++;
      }
      const rows = order.subarray(from, to);
      const batch = padded(Array.from(rows, (row) => sequences[row]!));
      if (pooling === 'pooler') {
        const pooled = await this.#run(() => encoder.pooled(batch));
        rows.forEach((row, i) => {
          out.set(pooled.subarray(i * dim, (i + 1) * dim), row * dim);
        });
      } else {
        const hidden = await this.#run(() => encoder.hidden(batch));
        rows.forEach((row, i) => {
          poolTokens(pooling, hidden, i * batch.width * dim, sequences[row]!.length, dim, out, row * dim);
        });
      }
      from = to;
      onProgress?.({ done: from, total: order.length });
    }
    return out;
  }

  async #run<T>(run: () => Promise<T>): Promise<T> {
    try {
      return await run();
    } catch (cause) {
      throw new DistillError(
        'teacher-failed',
        `${this.name} failed in ONNX Runtime: ${(cause as Error).message}`,
        {
          cause,
        },
      );
    }
  }

  #normalize(vectors: Float32Array, texts: readonly string[]): void {
    const { dim } = this;
    for (let text = 0; text < texts.length; text++) {
      const row = vectors.subarray(text * dim, (text + 1) * dim);
      let squares = 0;
      for (let column = 0; column < dim; column++) squares += row[column]! * row[column]!;
      if (!(squares > 0 && squares < Number.POSITIVE_INFINITY)) {
        throw new DistillError(
          'unusable-vectors',
          `${this.name} gives the text ${JSON.stringify(texts[text]!.slice(0, 60))} no finite vector other than zero`,
        );
      }
      const length = Math.sqrt(squares);
      for (let column = 0; column < dim; column++) row[column]! /= length;
    }
  }
}

function padded(sequences: readonly (readonly number[])[]): PaddedBatch {
  const width = Math.max(1, ...sequences.map(({ length }) => length));
  const ids = new Int32Array(sequences.length * width);
  const mask = new Int32Array(ids.length);
  sequences.forEach((sequence, text) => {
    ids.set(sequence, text * width);
    mask.fill(1, text * width, text * width + sequence.length);
  });
  return { ids, mask, texts: sequences.length, width };
}
