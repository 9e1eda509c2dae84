// Prints how much memory an index of the lines of a file needs, beside its vectors and texts: node --expose-gc search-memory.mjs FILE
import { readFileSync } from 'node:fs';
import { Model2VecEmbeddingFunction } from '../packages/embedding-function/dist/node/index.js';
import { minilmL6 } from '../packages/model-minilm-l6/dist/index.js';
import { TextIndex } from '../packages/search/dist/index.js';

const embedder = await Model2VecEmbeddingFunction.create({ modelSource: minilmL6, threads: 1 });
const create = () => TextIndex.create({ embedder, vectorType: 'int8', fullText: false });
const warm = await create();
await warm.upsert([{ text: 'warm' }]);
/** Bytes in use; `external` also counts the memory of WebAssembly. */
function used() {
  // The memory of WebAssembly is freed by the second collection.
  globalThis.gc();
  globalThis.gc();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
const lines = readFileSync(process.argv[2], 'utf8').trimEnd().split('\n');
// The embedder remembers words of earlier texts; that memory is not the index's.
for (const line of lines) await embedder.encode([line]);
const index = await create();
const before = used();
let id = 0;
// Texts of their own, as if read now: the lines are not part of the index.
for (const line of lines) await index.upsert([{ id: id++, text: Buffer.from(line).toString() }]);
const after = used();
const content = lines.length * embedder.dim + lines.reduce((sum, line) => sum + line.length, 0);
process.stdout.write(JSON.stringify({ bytes: after - before, content, ratio: (after - before) / content }));
await index.count();
await embedder.close();
