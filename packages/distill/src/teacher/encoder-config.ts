import { DistillError } from '../distill-error.js';
import { type EncoderFamily, encoderFamily } from './encoder-family.js';
import type { JsonObject } from './teacher-files.js';

/** Activation functions of the feed-forward part. */
export type Activation = 'gelu' | 'gelu-tanh' | 'relu';

/** `config.json` of an encoder, checked. */
export interface EncoderConfig {
  readonly family: EncoderFamily;
  readonly hiddenSize: number;
  readonly layers: number;
  readonly heads: number;
  readonly epsilon: number;
  readonly activation: Activation;
  readonly paddingId: number;
}

const ACTIVATIONS: Readonly<Record<string, Activation>> = {
  gelu: 'gelu',
  gelu_python: 'gelu',
  gelu_new: 'gelu-tanh',
  gelu_pytorch_tanh: 'gelu-tanh',
  gelu_fast: 'gelu-tanh',
  relu: 'relu',
};

/** Whether a model generates text, token by token. */
function isDecoder({ is_decoder: isMarked, architectures }: JsonObject): boolean {
  const names = Array.isArray(architectures) ? architectures.map(String) : [];
  return isMarked === true || names.some((name) => /(?:ForCausalLM|LMHeadModel)$/.test(name));
}

/**
 * Parses the part of `config.json` that the graph needs.
 *
 * @throws {@link DistillError} with the code `unsupported-teacher` for features that the graph cannot compute
 */
export function encoderConfig(config: JsonObject, teacher: string): EncoderConfig {
  const modelType = typeof config.model_type === 'string' ? config.model_type : '(none)';
  const unsupported = (what: string): DistillError =>
    new DistillError(
      'unsupported-teacher',
      `${teacher}: config.json has ${what}, which the graph for safetensors cannot compute`,
      { remedy: { code: 'export-onnx', teacher } },
    );
  if (isDecoder(config)) {
    throw new DistillError(
      'unsupported-teacher',
      `${teacher} generates text: config.json has ${JSON.stringify(config.architectures ?? modelType)}`,
      { remedy: { code: 'use-encoder' } },
    );
  }
  const family = encoderFamily(modelType, teacher);
  const positions = config.position_embedding_type;
  if (positions !== undefined && positions !== 'absolute') {
    throw unsupported(`"position_embedding_type": ${JSON.stringify(positions)}`);
  }
  const name = config.hidden_act ?? config.activation ?? 'gelu';
  const activation =
    typeof name === 'string' && Object.hasOwn(ACTIVATIONS, name) ? ACTIVATIONS[name] : undefined;
  if (activation === undefined) throw unsupported(`the activation ${JSON.stringify(name)}`);
  const count = (...keys: readonly string[]): number => {
    const value = keys.map((key) => config[key]).find((each) => each !== undefined);
    if (Number.isSafeInteger(value) && (value as number) > 0) return value as number;
    throw new DistillError(
      'malformed-teacher',
      `${teacher}: config.json has ${JSON.stringify(value)} as ${JSON.stringify(keys[0])}; a whole number from 1 is needed`,
    );
  };
  return {
    family,
    hiddenSize: count('hidden_size', 'dim'),
    layers: count('num_hidden_layers', 'n_layers'),
    heads: count('num_attention_heads', 'n_heads'),
    epsilon: typeof config.layer_norm_eps === 'number' ? config.layer_norm_eps : 1e-12,
    activation,
    paddingId: typeof config.pad_token_id === 'number' ? config.pad_token_id : 0,
  };
}
