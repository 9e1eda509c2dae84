import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Model2VecEmbeddingFunction } from '@model2vec-ts/embedding-function';
import { minilmL6 } from '@model2vec-ts/model-minilm-l6';
import { expect, it } from 'vitest';
import { PassageIndex } from './passage-index.js';
import { searchPassages } from './passage-search.js';

it('finds in files what an index of them finds', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'passages-'));
  const lines = Array.from({ length: 700 }, (_, i) => `Line ${i} says ${'very '.repeat(i % 4)}little.`);
  await writeFile(join(folder, 'a.txt'), lines.join('\n'));
  await writeFile(join(folder, 'b.md'), '# Errors\n\n## Retrying\n\nA lost connection is tried again.\n');
  await writeFile(join(folder, 'c.bin'), Buffer.from([0, 1, 2]));
  await writeFile(join(folder, 'd.csv'), 'id,text\n1,The line is lost.\n2,\n');
  const embedder = await Model2VecEmbeddingFunction.create({ modelSource: minilmL6 });
  const options = { chunkSize: 1200, globs: ['!*.json'] };
  const index = await PassageIndex.create(embedder, options);
  await index.sync([folder]);
  for (const mode of ['hybrid', 'dense', 'fullText', undefined] as const) {
    for (const question of ['Is a lost line tried again?', 'line 650']) {
      const search = { limit: 150, ...(mode !== undefined && { mode }) };
      const expected = await index.search(question, search);
      const found = await searchPassages([folder], question, { embedder, ...options, ...search });
      expect(found).toMatchObject({
        mode: expected.mode,
        files: index.files,
        passages: index.index.size,
        skipped: [],
      });
      expect(found.hits).toEqual(expected.hits.map(({ text, score, fields }) => ({ text, score, fields })));
    }
  }
  await embedder.close();
});
