import { modelFiles } from '../model-fixture.js';
import { safetensorsFile } from '../safetensors-file.js';
import type { HubContent } from './hub-server.js';

/** A table of `rows` × 8 float32 values that a seed decides. */
export function tableFile(rows: number, seed = 1): Uint8Array {
  const data = new Float32Array(rows * 8);
  let state = seed;
  for (let i = 0; i < data.length; i++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    data[i] = state / 2 ** 31;
  }
  return safetensorsFile({ embeddings: { dtype: 'F32', shape: [rows, 8], data } });
}

/** A small model as a repository on the Hub, with other files that are not needed. */
export function repositoryFiles(name = 'float32', table?: Uint8Array): Record<string, HubContent> {
  const files: Record<string, HubContent> = {};
  for (const [path, bytes] of Object.entries(modelFiles(name))) {
    files[path] = { bytes: bytes as Uint8Array, lfs: path.endsWith('.safetensors') };
  }
  if (table !== undefined) files['model.safetensors'] = { bytes: table, lfs: true };
  files['README.md'] = { bytes: new TextEncoder().encode(`# ${name}\n`) };
  files['modules.json'] = { bytes: new TextEncoder().encode('[]') };
  files['onnx/model.onnx'] = { bytes: new Uint8Array(5000), lfs: true };
  return files;
}
