import { ProtobufMessage } from './protobuf-message.js';

/** Element types of tensors by their ONNX numbers (onnx.proto, `TensorProto.DataType`). */
export const ELEMENT_TYPES = {
  float32: 1,
  int8: 3,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
  float64: 11,
  bfloat16: 16,
} as const;

/** Element type of a tensor. */
type ElementType = keyof typeof ELEMENT_TYPES;

/** A tensor whose values are in the model. */
export interface ConstantTensor {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: readonly number[];
  /** The values, little-endian and row-major. */
  readonly data: ArrayBufferView;
}

/** An input or output tensor; a named dimension gets its length in each run. */
interface TensorInfo {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: readonly (number | string)[];
}

/** One operation. */
export interface GraphNode {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /**
   * Operator set that `op` belongs to.
   * @defaultValue ONNX's own
   */
  readonly domain?: string;
  /** Values by name; a plain number is an integer. */
  readonly attributes?: Readonly<Record<string, number | string | FloatAttribute>>;
}

/** An attribute of type float. */
export interface FloatAttribute {
  readonly float: number;
}

/** The computation of a model. */
export interface Graph {
  readonly name: string;
  readonly nodes: readonly GraphNode[];
  readonly constants: readonly ConstantTensor[];
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];
}

/** Version of ONNX's file format; 8 came with operator set 18, which Python model2vec exports for. */
const IR_VERSION = 8;
const OPERATOR_SET = 18;

/** Kinds of attributes (onnx.proto, `AttributeProto.AttributeType`). */
const FLOAT = 1;
const INTEGER = 2;
const STRING = 3;

/**
 * Serialises a graph as a `.onnx` file (onnx.proto).
 *
 * @example
 * ```ts
 * import { onnxModel } from '@model2vec-ts/pooling-kernels/onnx';
 *
 * const vectors = { type: 'float32', shape: ['texts', 2] } as const;
 * const bytes = onnxModel({
 *   name: 'negate',
 *   nodes: [{ op: 'Neg', inputs: ['vectors'], outputs: ['negated'] }],
 *   constants: [],
 *   inputs: [{ name: 'vectors', ...vectors }],
 *   outputs: [{ name: 'negated', ...vectors }],
 * });
 * console.log(bytes.length); // pass `bytes` to InferenceSession.create of ONNX Runtime
 * ```
 */
export function onnxModel(graph: Graph): Uint8Array {
  const body = new ProtobufMessage();
  for (const node of graph.nodes) body.message(1, nodeMessage(node));
  body.string(2, graph.name);
  for (const constant of graph.constants) body.message(5, tensorMessage(constant));
  for (const input of graph.inputs) body.message(11, tensorInfoMessage(input));
  for (const output of graph.outputs) body.message(12, tensorInfoMessage(output));
  const model = new ProtobufMessage()
    .number(1, IR_VERSION)
    .string(2, '@model2vec-ts/pooling-kernels')
    .message(7, body)
    .message(8, new ProtobufMessage().string(1, '').number(2, OPERATOR_SET));
  for (const domain of new Set(graph.nodes.map((node) => node.domain))) {
    if (domain !== undefined) model.message(8, new ProtobufMessage().string(1, domain).number(2, 1));
  }
  return model.finish();
}

function nodeMessage({ op, inputs, outputs, domain, attributes = {} }: GraphNode): ProtobufMessage {
  const message = new ProtobufMessage();
  for (const input of inputs) message.string(1, input);
  for (const output of outputs) message.string(2, output);
  message.string(4, op);
  for (const [name, value] of Object.entries(attributes)) {
    const attribute = new ProtobufMessage().string(1, name);
    if (typeof value === 'number') attribute.number(3, value).number(20, INTEGER);
    else if (typeof value === 'string') attribute.string(4, value).number(20, STRING);
    else attribute.float(2, value.float).number(20, FLOAT);
    message.message(5, attribute);
  }
  if (domain !== undefined) message.string(7, domain);
  return message;
}

function tensorMessage({ name, type, shape, data }: ConstantTensor): ProtobufMessage {
  const message = new ProtobufMessage();
  for (const length of shape) message.number(1, length);
  return message
    .number(2, ELEMENT_TYPES[type])
    .string(8, name)
    .bytes(9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
}

function tensorInfoMessage({ name, type, shape }: TensorInfo): ProtobufMessage {
  const dimensions = new ProtobufMessage();
  for (const length of shape) {
    const dimension = new ProtobufMessage();
    dimensions.message(
      1,
      typeof length === 'number' ? dimension.number(1, length) : dimension.string(2, length),
    );
  }
  const tensor = new ProtobufMessage().number(1, ELEMENT_TYPES[type]).message(2, dimensions);
  return new ProtobufMessage().string(1, name).message(2, new ProtobufMessage().message(1, tensor));
}
