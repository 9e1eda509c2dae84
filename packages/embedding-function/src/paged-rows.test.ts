import { cpSync, mkdtempSync, readdirSync, readlinkSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { fixture, MODELS, type ModelName, modelFolder } from './fixtures/model.js';
import { type CreateOptions, Model2VecEmbeddingFunction } from './index.js';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function create(
  modelSource: string | URL,
  options: CreateOptions,
): Promise<Model2VecEmbeddingFunction> {
  const embedder = await Model2VecEmbeddingFunction.create({ modelSource, ...options });
  cleanups.push(() => embedder.close());
  return embedder;
}

function copyOf(name: ModelName): string {
  const folder = mkdtempSync(join(tmpdir(), 'm2v-paged-'));
  cpSync(modelFolder(name), folder, { recursive: true });
  cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Number of open files of a folder. */
function openFiles(folder: string): number {
  return readdirSync('/proc/self/fd').filter((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`).startsWith(folder);
    } catch {
      return false;
    }
  }).length;
}

describe.each(MODELS)('rows that are read as needed, with %s', (name) => {
  it.each<CreateOptions>([{}, { quantizeTo: 'int8' }, { dimensionality: 2 }])(
    'give the same vectors and fingerprint: %o',
    async (options) => {
      const paged = await create(modelFolder(name), { kernel: 'paged', ...options });
      const whole = await create(modelFolder(name), { kernel: 'wasm', ...options });
      expect(paged.kernel).toBe('paged');
      const expected = whole.encodeSync(fixture.texts).data;
      for (let pass = 0; pass < 2; pass++) {
        expect((await paged.encode(fixture.texts)).data).toEqual(expected);
      }
      expect(paged.fingerprint).toBe(whole.fingerprint);
    },
  );
});

describe('the file of rows that are read as needed', () => {
  it.runIf(process.platform === 'linux')('stays open until the embedder is closed', async () => {
    const folder = copyOf('word-piece-float32');
    const embedder = await create(folder, { kernel: 'paged' });
    expect(openFiles(folder)).toBe(1);
    await embedder.close();
    expect(openFiles(folder)).toBe(0);
  });

  it('may be replaced, which changes no vector', async () => {
    const folder = copyOf('word-piece-float32');
    const embedder = await create(folder, { kernel: 'paged' });
    rmSync(join(folder, 'model.safetensors'));
    writeFileSync(join(folder, 'model.safetensors'), 'another file');
    const whole = await create(modelFolder('word-piece-float32'), { kernel: 'wasm' });
    expect(embedder.encodeSync(fixture.texts).data).toEqual(whole.encodeSync(fixture.texts).data);
  });

  it('is reported if it shrinks', async () => {
    const folder = copyOf('word-piece-float32');
    const embedder = await create(folder, { kernel: 'paged' });
    truncateSync(join(folder, 'model.safetensors'), 100);
    expect(() => embedder.encodeSync(fixture.texts)).toThrow(
      /model\.safetensors.*shrank from \d+ to \d+ bytes/,
    );
  });
});
