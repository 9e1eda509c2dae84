import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { MODEL_NAMES, modelFiles, modelFolder } from '../../test/model-fixture.js';
import { loadStaticModel } from '../load-static-model.js';
import { ModelError } from '../model-error.js';
import type { StaticModel } from '../static-model.js';
import { writeFolder as writeOnTheWeb } from './folder-writer-web.js';
import { ModelNotSavedError } from './save-error.js';
import { modelFilesOf, saveStaticModel } from './save-static-model.js';

const work = mkdtempSync(join(tmpdir(), 'save-'));
afterAll(() => rmSync(work, { recursive: true, force: true }));
const FILES = ['README.md', 'config.json', 'model.safetensors', 'modules.json', 'tokenizer.json'];

let folders = 0;
const newFolder = (): string => join(work, `parent-${folders++}`, 'model');
const parentOf = (folder: string): string => join(folder, '..');
const small = (): Promise<StaticModel> => loadStaticModel(modelFolder('mapped-int32'));

describe('saveStaticModel', () => {
  it.each(MODEL_NAMES.filter((name) => !name.includes('bfloat16') || name.startsWith('weights')))(
    'writes files that load with the same fingerprint: %s',
    async (name) => {
      const model = await loadStaticModel(modelFiles(name));
      const folder = newFolder();
      await saveStaticModel(model, folder);
      const again = await loadStaticModel(folder);
      expect(again.fingerprint).toBe(model.fingerprint);
      expect(again.layout).toBe('model2vec');
      expect(again.config.normalize).toBe(model.config.normalize ?? false);
      expect(again.config.embedding_dtype).toBe(model.table.dtype);
      expect(readdirSync(folder).sort()).toEqual(FILES);
      expect(readdirSync(parentOf(folder))).toEqual(['model']);
    },
  );

  it('gives the same files in memory and to a sink, in a subfolder too', async () => {
    const model = await small();
    const written: Record<string, Uint8Array> = {};
    await saveStaticModel(
      model,
      {
        write: async (path, bytes) => {
          await Promise.resolve();
          written[path] = bytes;
        },
      },
      { subfolder: 'a/b' },
    );
    expect(written).toEqual(modelFilesOf(model, { subfolder: 'a/b' }));
    const again = await loadStaticModel(written, { subfolder: 'a/b' });
    expect(again.fingerprint).toBe(model.fingerprint);
    const folder = newFolder();
    await saveStaticModel(model, pathToFileURL(folder), { subfolder: 'a/b' });
    expect((await loadStaticModel(folder, { subfolder: 'a/b' })).fingerprint).toBe(model.fingerprint);
  });

  it('writes config.json and modules.json like the reference', async () => {
    const model = await small();
    const files = modelFilesOf({
      ...model,
      config: { normalize: true, apply_pca: 8, vocabulary_quantization: 99 },
    });
    const json = (path: string): unknown => JSON.parse(new TextDecoder().decode(files[path]));
    expect(json('config.json')).toEqual({
      apply_pca: 8,
      normalize: true,
      max_length: 512,
      embedding_dtype: model.table.dtype,
      vocabulary_quantization: model.table.rows,
    });
    expect(json('modules.json')).toEqual([
      { idx: 0, name: '0', path: '.', type: 'sentence_transformers.models.StaticEmbedding' },
      { idx: 1, name: '1', path: '1_Normalize', type: 'sentence_transformers.models.Normalize' },
    ]);
    const { mapping: _, ...unmapped } = model.table;
    const plain = modelFilesOf({
      ...model,
      table: unmapped,
      config: { vocabulary_quantization: 9, max_length: null },
    });
    expect(JSON.parse(new TextDecoder().decode(plain['config.json']))).toEqual({
      normalize: false,
      max_length: null,
      embedding_dtype: model.table.dtype,
    });
  });

  it('replaces the files of a folder and keeps others, even through a link', async () => {
    const folder = newFolder();
    mkdirSync(folder, { recursive: true });
    const link = join(work, 'link');
    symlinkSync(folder, link);
    writeFileSync(join(folder, 'notes.txt'), 'mine');
    writeFileSync(join(folder, 'config.json'), 'old');
    const model = await small();
    await saveStaticModel(model, link, { card: false });
    expect(readdirSync(folder).sort()).toEqual([...FILES.slice(1), 'notes.txt'].sort());
    expect(readFileSync(join(folder, 'notes.txt'), 'utf8')).toBe('mine');
    expect((await loadStaticModel(link)).fingerprint).toBe(model.fingerprint);
    expect(readdirSync(parentOf(folder))).toEqual(['model']);
  });

  it('fills an empty folder', async () => {
    const folder = newFolder();
    mkdirSync(folder, { recursive: true });
    await saveStaticModel(await small(), folder);
    expect(readdirSync(folder).sort()).toEqual(FILES);
  });

  it('leaves nothing behind when it is stopped', async () => {
    const folder = newFolder();
    mkdirSync(parentOf(folder), { recursive: true });
    const model = await small();
    const stop = new AbortController();
    const saving = saveStaticModel(model, folder, { signal: stop.signal });
    stop.abort(new Error('enough'));
    await expect(saving).rejects.toThrow('enough');
    expect(existsSync(folder)).toBe(false);
    expect(readdirSync(parentOf(folder))).toEqual([]);
  });

  it('explains why a folder cannot be written', async () => {
    const file = join(work, 'a-file');
    writeFileSync(file, '');
    const model = await small();
    const failure = await saveStaticModel(model, join(file, 'model')).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ModelNotSavedError);
    expect(failure).toMatchObject({ code: 'model-not-saved', target: join(file, 'model') });
    expect(String(failure)).toContain('is a file, not a folder');
    await expect(saveStaticModel(model, file)).rejects.toThrow(ModelNotSavedError);
    await expect(saveStaticModel(model, '')).rejects.toMatchObject({ code: 'invalid-argument' });
    await expect(saveStaticModel(model, new URL('https://example.com/a'))).rejects.toThrow(ModelError);
    await expect(saveStaticModel(model, newFolder(), { subfolder: '../a' })).rejects.toThrow('subfolder');
    await expect(writeOnTheWeb('model', {})).rejects.toMatchObject({ code: 'unsupported-model' });
  });

  it('refuses a bfloat16 table, which the reference cannot read', async () => {
    const model = await loadStaticModel(modelFiles('bfloat16'));
    expect(() => modelFilesOf(model)).toThrow(/quantizeModel/);
  });

  it('writes a card whose metadata no name can break', async () => {
    const model = await small();
    const card = (facts: object): string =>
      new TextDecoder().decode(modelFilesOf(model, { card: facts })['README.md']);
    const text = card({
      name: 'yes',
      baseModel: 'a/b: "c"\n---',
      license: 'apache-2.0',
      language: ['en', 'no'],
    });
    expect(text.slice(0, text.indexOf('\n---\n', 4))).toBe(
      [
        '---',
        'base_model: "a/b: \\"c\\"\\n---"',
        'language:',
        '- en',
        '- "no"',
        'library_name: model2vec',
        'license: apache-2.0',
        'model_name: "yes"',
        'tags:',
        '- embeddings',
        '- static-embeddings',
        '- sentence-transformers',
      ].join('\n'),
    );
    expect(card({})).toContain('\nmodel_name: model\n');
    expect(card({})).not.toContain('license:');
  });
});
