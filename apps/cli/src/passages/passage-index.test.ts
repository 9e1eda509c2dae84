import { appendFile, mkdir, mkdtemp, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Model2VecEmbeddingFunction } from '@model2vec-ts/embedding-function';
import { minilmL6 } from '@model2vec-ts/model-minilm-l6';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PassageIndex } from './passage-index.js';

let embedder: Model2VecEmbeddingFunction;
let folder: string;

beforeAll(async () => {
  embedder = await Model2VecEmbeddingFunction.create({ modelSource: minilmL6 });
});
afterAll(() => embedder.close());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'passages-'));
  await mkdir(join(folder, 'docs'));
});

const write = (name: string, text: string): Promise<void> => writeFile(join(folder, name), text);

/** Path and text of every passage, in order. */
async function contentOf(passages: PassageIndex): Promise<string[]> {
  const found: string[] = [];
  for await (const { text, fields } of passages.index) {
    found.push(
      `${String(fields.path).slice(folder.length + 1)}:${fields.line} ${text.replaceAll('\n', '⏎')}`,
    );
  }
  return found.sort();
}

const read = (): Promise<PassageIndex> => PassageIndex.create(embedder, { chunkSize: 1200 });

describe('an index of passages', () => {
  it('equals the files after changes, deletions and renames', async () => {
    await write('docs/a.md', '# A\n\nFirst.\n\n## Part\n\nShared words.\n');
    await write('docs/b.md', '<!-- notice -->\n# B\n\nSecond.\n');
    await write('docs/c.md', 'Shared words.\n');
    await write('docs/list.txt', 'one\ntwo\nthree\n');
    const passages = await read();
    expect(await passages.sync([folder])).toMatchObject({ added: 4, changed: 0, unchanged: 0, removed: 0 });
    expect(await passages.sync([folder])).toMatchObject({ added: 0, changed: 0, unchanged: 4, removed: 0 });

    await write('docs/a.md', '# A\n\nFirst, changed.\n');
    await rm(join(folder, 'docs/c.md'));
    await rename(join(folder, 'docs/b.md'), join(folder, 'docs/d.md'));
    await write('docs/list.txt', 'three\n');
    await utimes(join(folder, 'docs/list.txt'), 1, 1);
    expect(await passages.sync([folder])).toMatchObject({ added: 1, changed: 2, unchanged: 0, removed: 2 });
    const wanted = ['docs/a.md:3 A⏎⏎First, changed.', 'docs/d.md:4 B⏎⏎Second.', 'docs/list.txt:1 three'];
    expect(await contentOf(passages)).toEqual(wanted);
    const fresh = await read();
    await fresh.sync([folder]);
    expect(await contentOf(fresh)).toEqual(wanted);
    expect((await passages.search('First', { limit: 9, mode: 'dense' })).hits).toEqual(
      (await fresh.search('First', { limit: 9, mode: 'dense' })).hits,
    );
  });

  it('reads a file again that has changed while it was read', async () => {
    await write('docs/log.md', 'line 0\n\n');
    const passages = await read();
    let isDone = false;
    const writing = (async () => {
      for (let i = 1; !isDone; i++) await appendFile(join(folder, 'docs/log.md'), `line ${i}\n\n`);
    })();
    for (let i = 0; i < 20; i++) await passages.sync([folder]);
    isDone = true;
    await writing;
    await passages.sync([folder]);
    const fresh = await read();
    await fresh.sync([folder]);
    expect(await contentOf(passages)).toEqual(await contentOf(fresh));
  });
});
