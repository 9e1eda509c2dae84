/**
 * Models as ONNX files, and the types for kernels of ONNX Runtime.
 * @module
 */
export { type ExportedModel, type ExportOnnxOptions, exportOnnx } from './onnx/onnx-export.js';
export {
  type ConstantTensor,
  type FloatAttribute,
  type Graph,
  type GraphNode,
  onnxModel,
} from './onnx/onnx-model.js';
export type {
  OnnxRuntime,
  OnnxSession,
  OnnxSessionOptions,
  OnnxTensor,
} from './onnx/onnx-runtime.js';
