import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { m2v, temporaryFolder } from '../run-m2v.js';
import { describeOn, MilvusTarget, newCollection, sharedServer } from './milvus-target.js';

await describeOn(
  'm2v plot',
  () => sharedServer('lite'),
  (server) => {
    const milvus = new MilvusTarget(server);
    const collection = newCollection();
    let folder: string;
    beforeAll(async () => {
      folder = await temporaryFolder();
      const rows = ['a cat', 'a dog', 'a cow', 'an apple', 'a pear', 'a plum'].map((text, i) => ({
        text,
        kind: i < 3 ? 'animal' : 'fruit',
        year: 2000 + i,
      }));
      await writeFile(join(folder, 'rows.jsonl'), rows.map((row) => JSON.stringify(row)).join('\n'));
      await milvus.index(collection, ['rows.jsonl'], { cwd: folder });
    });

    it('draws the rows of a collection that match a filter', async () => {
      const call = ['plot', '--in', milvus.uri, '-c', collection, '--color-by', 'kind', '-o', 'map.svg'];
      const { code, stderr } = await m2v([...call, '--filter', 'year > 2000'], { cwd: folder });
      expect([code, stderr]).toEqual([0, '5 texts by umap as svg in map.svg\n']);
      const svg = await readFile(join(folder, 'map.svg'), 'utf8');
      expect(svg).toContain(`${collection}: 5 texts`);
      expect(svg).toContain('fruit (3)');
      expect(svg).toContain('<title>a plum\nfruit</title>');
      expect(svg).not.toContain('a cat');
    });

    it('refuses a collection that another model filled', async () => {
      const call = ['plot', '--in', milvus.uri, '-c', collection, '-o', 'other.svg', '--max-length', '3'];
      const { code, stderr } = await m2v(call, { cwd: folder });
      expect([code, stderr.split('\n').length]).toEqual([1, 2]);
    });
  },
);
