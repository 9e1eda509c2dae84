import type { ConstantTensor, Graph, GraphNode } from '@model2vec-ts/pooling-kernels/onnx';
import type { Activation, EncoderConfig } from './encoder-config.js';
import { type EncoderWeights, endToEnd, sideBySide, type Weight } from './encoder-weights.js';

/** Operators that ONNX Runtime fuses; they take half the time of ONNX's own. */
const FUSED = 'com.microsoft';

/** Names of the graph's inputs and outputs. */
export const GRAPH_NAMES = {
  ids: 'input_ids',
  mask: 'attention_mask',
  positions: 'position_ids',
  bias: 'attention_bias',
  hidden: 'last_hidden_state',
  pooled: 'pooler_output',
} as const;

/**
 * Builds the graph of a BERT-type encoder from its weights.
 *
 * Inputs, all texts × tokens of int32: `input_ids`, `attention_mask`, `position_ids`; for relative positions also
 * `attention_bias`, 1 × heads × tokens × tokens. Outputs: `last_hidden_state`, texts × tokens × hidden size, and, where
 * the checkpoint has a pooler, `pooler_output`, texts × hidden size.
 */
export function encoderGraph(config: EncoderConfig, weights: EncoderWeights): Graph {
  const { family, hiddenSize, heads, epsilon, layers, activation } = config;
  const nodes: GraphNode[] = [];
  const constants: ConstantTensor[] = [];
  const constant = (name: string, { data, shape }: Weight): string => {
    constants.push({ name, type: 'float32', shape, data });
    return name;
  };
  const add = (
    op: string,
    inputs: readonly string[],
    output: string,
    options: Partial<GraphNode> = {},
  ): string => {
    nodes.push({ op, inputs, outputs: [output], ...options });
    return output;
  };

  nodes.push({
    op: 'EmbedLayerNormalization',
    domain: FUSED,
    inputs: [
      GRAPH_NAMES.ids,
      '',
      constant('words', weights.get('embeddings.word_embeddings.weight')),
      constant('positions', positionTable(weights)),
      '',
      constant('embedding_gain', weights.get('embeddings.LayerNorm.weight')),
      constant('embedding_shift', weights.get('embeddings.LayerNorm.bias')),
      '',
      GRAPH_NAMES.positions,
    ],
    outputs: ['hidden_0', 'unused_mask'],
    attributes: { epsilon: { float: epsilon } },
  });
  let hidden = 'hidden_0';
  for (let index = 0; index < layers; index++) {
    const { names } = family;
    const at = (name: string): string => family.layer(index) + name;
    const matrix = (name: string): string =>
      constant(`${name}_${index}`, weights.transposed(`${at(names[name as keyof typeof names])}.weight`));
    const vector = (name: string, tensor: string): string =>
      constant(`${name}_${index}`, weights.get(tensor));
    const projections = [names.query, names.key, names.value].map(at);
    const attention = add(
      'Attention',
      [
        hidden,
        constant(
          `projections_${index}`,
          sideBySide(projections.map((name) => weights.transposed(`${name}.weight`))),
        ),
        constant(
          `projection_shifts_${index}`,
          endToEnd(projections.map((name) => weights.get(`${name}.bias`))),
        ),
        GRAPH_NAMES.mask,
        ...(family.hasRelativeBias ? ['', GRAPH_NAMES.bias] : []),
      ],
      `attention_${index}`,
      { domain: FUSED, attributes: { num_heads: heads } },
    );
    const norm = (input: string, skipped: string, name: 'attention' | 'output', output: string): string => {
      const normName = at(name === 'attention' ? names.attentionNorm : names.outputNorm);
      const dense = at(name === 'attention' ? names.attentionOutput : names.output);
      return add(
        'SkipLayerNormalization',
        [
          input,
          skipped,
          vector(`${name}_gain`, `${normName}.weight`),
          vector(`${name}_norm_shift`, `${normName}.bias`),
          vector(`${name}_shift`, `${dense}.bias`),
        ],
        output,
        { domain: FUSED, attributes: { epsilon: { float: epsilon } } },
      );
    };
    const projected = add('MatMul', [attention, matrix('attentionOutput')], `projected_${index}`);
    const attended = norm(projected, hidden, 'attention', `attended_${index}`);
    const widened = add('MatMul', [attended, matrix('intermediate')], `widened_${index}`);
    const activated = activate(
      activation,
      widened,
      vector('intermediate_shift', `${at(names.intermediate)}.bias`),
      index,
      add,
    );
    const narrowed = add('MatMul', [activated, matrix('output')], `narrowed_${index}`);
    hidden = norm(
      narrowed,
      attended,
      'output',
      index === layers - 1 ? GRAPH_NAMES.hidden : `hidden_${index + 1}`,
    );
  }
  const hasPooler = weights.has('pooler.dense.weight');
  if (hasPooler) {
    constants.push({ name: 'first_token', type: 'int64', shape: [], data: BigInt64Array.of(0n) });
    const first = add('Gather', [hidden, 'first_token'], 'first', { attributes: { axis: 1 } });
    const dense = add(
      'Gemm',
      [
        first,
        constant('pooler', weights.get('pooler.dense.weight')),
        constant('pooler_shift', weights.get('pooler.dense.bias')),
      ],
      'pooler_dense',
      { attributes: { transB: 1 } },
    );
    add('Tanh', [dense], GRAPH_NAMES.pooled);
  }
  const perToken = [GRAPH_NAMES.ids, GRAPH_NAMES.mask, GRAPH_NAMES.positions] as const;
  return {
    name: 'encoder',
    nodes,
    constants,
    inputs: [
      ...perToken.map((name) => ({ name, type: 'int32' as const, shape: ['texts', 'tokens'] })),
      ...(family.hasRelativeBias
        ? [{ name: GRAPH_NAMES.bias, type: 'float32' as const, shape: [1, heads, 'tokens', 'tokens'] }]
        : []),
    ],
    outputs: [
      { name: GRAPH_NAMES.hidden, type: 'float32', shape: ['texts', 'tokens', hiddenSize] },
      ...(hasPooler
        ? [{ name: GRAPH_NAMES.pooled, type: 'float32' as const, shape: ['texts', hiddenSize] }]
        : []),
    ],
  };
}

/** Position vectors plus the vector of token type 0, which every token of a single text has. */
function positionTable(weights: EncoderWeights): Weight {
  const positions = weights.get('embeddings.position_embeddings.weight');
  if (!weights.has('embeddings.token_type_embeddings.weight')) return positions;
  const { data: types } = weights.get('embeddings.token_type_embeddings.weight');
  const width = positions.shape[1]!;
  return { data: positions.data.map((value, i) => value + types[i % width]!), shape: positions.shape };
}

function activate(
  activation: Activation,
  input: string,
  shift: string,
  index: number,
  add: (op: string, inputs: readonly string[], output: string, options?: Partial<GraphNode>) => string,
): string {
  const output = `activated_${index}`;
  switch (activation) {
    case 'gelu':
      return add('BiasGelu', [input, shift], output, { domain: FUSED });
    case 'gelu-tanh':
      return add('FastGelu', [input, shift], output, { domain: FUSED });
    case 'relu':
      return add('Relu', [add('Add', [input, shift], `shifted_${index}`)], output);
  }
}
