import { littleEndianBytes } from '../safetensors/tensor-elements.js';
import type { Sha256 } from '../sha-256.js';
import type { EmbeddingTable } from './embedding-table.js';

/**
 * SHA-256 in hexadecimal over everything that determines a model's vectors, the same on every platform and from every
 * source:
 *
 * ```text
 * model2vec-ts fingerprint 1\n
 * embeddings <dtype> <rows> <dim>\n      then the elements, little-endian, row-major
 * mapping int32 <length>\n               then the elements, little-endian   (only where there is a mapping)
 * weights <float32|float64> <length>\n   then the elements, little-endian   (only where there are weights)
 * tokenizer.json <bytes>\n               then the file's bytes
 * ```
 *
 * Dtype and numbers are those in memory: after `quantizeTo` and `dimensionality`, an int64 mapping as int32, 16-bit
 * weights as float32. `config.json` is not included, because calls can override it.
 */
export function fingerprintOf(table: EmbeddingTable, tokenizerJson: Uint8Array, sha256: Sha256): string {
  const encoder = new TextEncoder();
  const write = (head: string, bytes: Uint8Array): void => {
    sha256.update(encoder.encode(`${head}\n`));
    sha256.update(bytes);
  };
  const { dtype, rows, dim, data, mapping, weights } = table;
  write('model2vec-ts fingerprint 1', new Uint8Array());
  write(`embeddings ${dtype} ${rows} ${dim}`, littleEndianBytes(data));
  if (mapping) write(`mapping int32 ${mapping.length}`, littleEndianBytes(mapping));
  if (weights) {
    const weightsDtype = weights instanceof Float64Array ? 'float64' : 'float32';
    write(`weights ${weightsDtype} ${weights.length}`, littleEndianBytes(weights));
  }
  write(`tokenizer.json ${tokenizerJson.length}`, tokenizerJson);
  return sha256.digestHex();
}
