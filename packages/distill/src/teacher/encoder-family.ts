import { DistillError } from '../distill-error.js';

/** Names of a checkpoint's tensors, and the peculiarities of its architecture. */
export interface EncoderFamily {
  /** Prefixes of tensor names that task-specific classes add. */
  readonly prefixes: readonly string[];
  /** Prefix of a layer's tensors. */
  layer(index: number): string;
  /** Tensors of a layer below its prefix. */
  readonly names: {
    readonly query: string;
    readonly key: string;
    readonly value: string;
    readonly attentionOutput: string;
    readonly attentionNorm: string;
    readonly intermediate: string;
    readonly output: string;
    readonly outputNorm: string;
  };
  /** Whether a token's position counts only earlier tokens other than padding, and the first number. */
  readonly positionsFrom: 'zero' | 'padding-id' | 'one';
  /** Whether attention adds a bias that depends on the distance of two tokens. */
  readonly hasRelativeBias: boolean;
}

const BERT_NAMES = {
  query: 'attention.self.query',
  key: 'attention.self.key',
  value: 'attention.self.value',
  attentionOutput: 'attention.output.dense',
  attentionNorm: 'attention.output.LayerNorm',
  intermediate: 'intermediate.dense',
  output: 'output.dense',
  outputNorm: 'output.LayerNorm',
} as const;

const numbered = (prefix: string) => (index: number) => `${prefix}.${index}.`;

const BERT: EncoderFamily = {
  prefixes: ['bert.'],
  layer: numbered('encoder.layer'),
  names: BERT_NAMES,
  positionsFrom: 'zero',
  hasRelativeBias: false,
};

const ROBERTA: EncoderFamily = { ...BERT, prefixes: ['roberta.'], positionsFrom: 'padding-id' };

/** By `model_type` of config.json. */
const FAMILIES: Readonly<Record<string, EncoderFamily>> = {
  bert: BERT,
  roberta: ROBERTA,
  'xlm-roberta': ROBERTA,
  camembert: ROBERTA,
  mpnet: {
    prefixes: ['mpnet.'],
    layer: numbered('encoder.layer'),
    names: {
      ...BERT_NAMES,
      query: 'attention.attn.q',
      key: 'attention.attn.k',
      value: 'attention.attn.v',
      attentionOutput: 'attention.attn.o',
      attentionNorm: 'attention.LayerNorm',
    },
    positionsFrom: 'one',
    hasRelativeBias: true,
  },
  distilbert: {
    prefixes: ['distilbert.'],
    layer: numbered('transformer.layer'),
    names: {
      query: 'attention.q_lin',
      key: 'attention.k_lin',
      value: 'attention.v_lin',
      attentionOutput: 'attention.out_lin',
      attentionNorm: 'sa_layer_norm',
      intermediate: 'ffn.lin1',
      output: 'ffn.lin2',
      outputNorm: 'output_layer_norm',
    },
    positionsFrom: 'zero',
    hasRelativeBias: false,
  },
};

/**
 * The family of a teacher.
 *
 * @throws {@link DistillError} with the code `unsupported-teacher` for any other architecture, named in the message
 */
export function encoderFamily(modelType: string, teacher: string): EncoderFamily {
  const family = Object.hasOwn(FAMILIES, modelType) ? FAMILIES[modelType] : undefined;
  if (family === undefined) {
    throw new DistillError(
      'unsupported-teacher',
      `${teacher} has the architecture ${JSON.stringify(modelType)}; from safetensors only ${Object.keys(FAMILIES).join(', ')} run`,
      { remedy: { code: 'export-onnx', teacher } },
    );
  }
  return family;
}
