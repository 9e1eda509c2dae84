import { join } from 'node:path';
import { onnxModel } from '@model2vec-ts/pooling-kernels/onnx';
import { parseSafetensors } from '@model2vec-ts/static-model/safetensors';
import { DistillError } from '../distill-error.js';
import { encoderConfig } from './encoder-config.js';
import { encoderGraph, GRAPH_NAMES } from './encoder-graph.js';
import { EncoderWeights, type Weight } from './encoder-weights.js';
import { type OnnxGraph, type OnnxTensor, openGraph } from './onnx-session.js';
import { relativeBias } from './relative-bias.js';
import type { JsonObject, TeacherFiles } from './teacher-files.js';
import { WEIGHTS_FILE } from './teacher-source.js';

/** Token ids of a batch, padded on the right to the longest text. */
export interface PaddedBatch {
  /** Texts × width. */
  readonly ids: Int32Array;
  /** 1 for tokens, 0 for padding. */
  readonly mask: Int32Array;
  readonly texts: number;
  /** Tokens of the longest text. */
  readonly width: number;
}

/** An encoder in ONNX Runtime. */
export interface Encoder {
  readonly dim: number;
  /** Most tokens for its position vectors; `undefined` if the graph does not say. */
  readonly maxPositions: number | undefined;
  readonly hasPooler: boolean;
  /** Hidden states, texts × width × dim. */
  hidden(batch: PaddedBatch): Promise<Float32Array>;
  /** Outputs of the pooler, texts × dim. */
  pooled(batch: PaddedBatch): Promise<Float32Array>;
  close(): Promise<void>;
}

/** Opens the encoder of a teacher: its ONNX file if it has one, else a graph of its safetensors. */
export async function openEncoder(
  files: TeacherFiles,
  config: JsonObject,
  teacher: string,
  onnxFiles: readonly string[],
  threads: number,
): Promise<Encoder> {
  // An ONNX file may keep its weights in another file, which can be found only by path.
  for (const onnxFile of onnxFiles) {
    const graph = await files.read(onnxFile, true);
    if (graph === undefined) continue;
    const hasData = await files.addToFingerprint(`${onnxFile}_data`);
    const model = hasData ? join(files.folder, onnxFile) : graph;
    return exportedEncoder(await openGraph(model, threads, teacher), teacher);
  }
  const settings = encoderConfig(config, teacher);
  const bytes = await files.read(WEIGHTS_FILE, true);
  if (bytes === undefined) {
    throw new DistillError(
      'teacher-not-found',
      `${teacher} has no ${[...onnxFiles, WEIGHTS_FILE].join(', and no ')}`,
      { remedy: { code: 'export-onnx', teacher } },
    );
  }
  const weights = new EncoderWeights(bytes, parseSafetensors(bytes, WEIGHTS_FILE), settings.family.prefixes);
  const graph = encoderGraph(settings, weights);
  const { session, tensor } = await openGraph(onnxModel(graph), threads, teacher);
  const { positionsFrom, hasRelativeBias } = settings.family;
  const firstPosition = { zero: 0, one: 2, 'padding-id': settings.paddingId + 1 }[positionsFrom];
  const paddingId = { zero: undefined, one: 1, 'padding-id': settings.paddingId }[positionsFrom];
  const bias = hasRelativeBias ? weights.get('encoder.relative_attention_bias.weight') : undefined;
  const feeds = (batch: PaddedBatch): Record<string, OnnxTensor> => {
    const dims = [batch.texts, batch.width];
    return {
      [GRAPH_NAMES.ids]: tensor('int32', batch.ids, dims),
      [GRAPH_NAMES.mask]: tensor('int32', batch.mask, dims),
      [GRAPH_NAMES.positions]: tensor('int32', positionsOf(batch, firstPosition, paddingId), dims),
      ...(bias && { [GRAPH_NAMES.bias]: biasTensor(bias, batch.width, tensor) }),
    };
  };
  const run = async (batch: PaddedBatch, output: string): Promise<Float32Array> => {
    const results = await session.run(feeds(batch), [output]);
    return results[output]!.data as Float32Array;
  };
  return {
    dim: settings.hiddenSize,
    maxPositions: weights.get('embeddings.position_embeddings.weight').shape[0]! - firstPosition,
    hasPooler: session.outputNames.includes(GRAPH_NAMES.pooled),
    hidden: (batch) => run(batch, GRAPH_NAMES.hidden),
    pooled: (batch) => run(batch, GRAPH_NAMES.pooled),
    close: () => session.release(),
  };
}

function biasTensor(bias: Weight, width: number, tensor: OnnxGraph['tensor']): OnnxTensor {
  return tensor('float32', relativeBias(bias, width), [1, bias.shape[1]!, width, width]);
}

/** RoBERTa counts positions only for tokens other than padding; padding has its own position. */
function positionsOf(
  { ids, texts, width }: PaddedBatch,
  first: number,
  padding: number | undefined,
): Int32Array {
  const positions = new Int32Array(ids.length);
  for (let text = 0, i = 0; text < texts; text++) {
    let next = first;
    for (let token = 0; token < width; token++, i++) {
      positions[i] = padding !== undefined && ids[i] === padding ? padding : next++;
    }
  }
  return positions;
}

/** A graph written by an exporter. */
async function exportedEncoder({ session, tensor }: OnnxGraph, teacher: string): Promise<Encoder> {
  const { inputNames, outputNames } = session;
  const known = ['input_ids', 'attention_mask', 'token_type_ids', 'position_ids'];
  const unknown = inputNames.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    await session.release();
    const generates = unknown.some((name) => name.startsWith('past_key_values'));
    throw new DistillError(
      'unsupported-teacher',
      `${teacher}${generates ? ' generates text' : ' is not an encoder of text'}: its ONNX file has the input ${unknown[0]}; supported inputs are ${known.join(', ')}`,
      { remedy: { code: 'use-encoder' } },
    );
  }
  const hiddenName =
    ['last_hidden_state', 'token_embeddings'].find((name) => outputNames.includes(name)) ?? outputNames[0]!;
  const run = async (batch: PaddedBatch, output: string): Promise<OnnxTensor> => {
    const dims = [batch.texts, batch.width];
    const values: Readonly<Record<string, () => Int32Array>> = {
      input_ids: () => batch.ids,
      attention_mask: () => batch.mask,
      token_type_ids: () => new Int32Array(batch.ids.length),
      position_ids: () => positionsOf(batch, 0, undefined),
    };
    const inputs = inputNames.map((name) => [name, tensor('int64', values[name]!(), dims)] as const);
    return (await session.run(Object.fromEntries(inputs), [output]))[output]!;
  };
  const one = await run({ ids: Int32Array.of(0), mask: Int32Array.of(1), texts: 1, width: 1 }, hiddenName);
  if (one.dims.length !== 3 || one.type !== 'float32') {
    await session.release();
    throw new DistillError(
      'unsupported-teacher',
      `${teacher}: the output ${hiddenName} of its ONNX file has ${one.dims.length} dimensions of ${one.type}; hidden states have 3 of float32`,
      { remedy: { code: 'export-onnx', teacher } },
    );
  }
  return {
    dim: one.dims[2]!,
    maxPositions: undefined,
    hasPooler: outputNames.includes(GRAPH_NAMES.pooled),
    hidden: async (batch) => (await run(batch, hiddenName)).data as Float32Array,
    pooled: async (batch) => (await run(batch, GRAPH_NAMES.pooled)).data as Float32Array,
    close: () => session.release(),
  };
}
