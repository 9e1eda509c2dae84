/**
 * Models as ONNX files, and what the kernels of ONNX Runtime are made with.
 * @module
 */
export { type ExportedModel, type ExportOnnxOptions, exportOnnx } from './onnx/onnx-export.js';
export type {
  OnnxRuntime,
  OnnxSession,
  OnnxSessionOptions,
  OnnxTensor,
} from './onnx/onnx-runtime.js';
