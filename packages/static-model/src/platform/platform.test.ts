import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { ReadContext } from '../source/model-folder.js';
import { platform as node } from './node.js';
import { platform as web } from './web.js';

const CONTEXT: ReadContext = { signal: new AbortController().signal, onProgress: () => undefined };
const SOURCES = dirname(dirname(fileURLToPath(import.meta.url)));

describe('the platforms', () => {
  it("keep Node's modules and globals in separate files", () => {
    const users = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts'))
      .filter((path) =>
        /['"]node:|\bprocess\.|\bBuffer\b|\brequire\(/.test(readFileSync(join(SOURCES, path), 'utf8')),
      )
      // Folders for Node alone; package.json's conditions choose them, as the tests below check.
      .filter((path) => !path.startsWith(join('hub', 'node')) && !path.startsWith(join('platform', 'node')));
    expect(users.sort()).toEqual([join('save', 'folder-writer-node.ts')]);
  });

  it('are chosen only by the conditions of package.json', () => {
    const { imports } = JSON.parse(readFileSync(join(SOURCES, '../package.json'), 'utf8'));
    expect(imports['#platform']).toEqual({
      '@model2vec-ts/source': { browser: './src/platform/web.ts', default: './src/platform/node.ts' },
      node: './dist/platform/node.js',
      default: './dist/platform/web.js',
    });
    expect(imports['#hub-folder']).toEqual({
      '@model2vec-ts/source': {
        browser: './src/hub/web/hub-folder.ts',
        default: './src/hub/node/hub-folder.ts',
      },
      node: './dist/hub/node/hub-folder.js',
      default: './dist/hub/web/hub-folder.js',
    });
    expect(imports['#folder-writer']).toEqual({
      '@model2vec-ts/source': {
        browser: './src/save/folder-writer-web.ts',
        default: './src/save/folder-writer-node.ts',
      },
      node: './dist/save/folder-writer-node.js',
      default: './dist/save/folder-writer-web.js',
    });
    const users = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts'))
      .filter((path) =>
        /(platform\/(node|web)|folder-writer-(node|web))\.js/.test(readFileSync(join(SOURCES, path), 'utf8')),
      );
    expect(users).toEqual([]);
  });

  it('keep the folders of one platform apart from shared code', () => {
    const leading = (folder: string): string[] =>
      readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })
        .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts'))
        .filter((path) => !path.startsWith(join('hub', folder)))
        .filter((path) => readFileSync(join(SOURCES, path), 'utf8').includes(`hub/${folder}/`))
        .sort();
    expect(leading('node')).toEqual(['hub-cache.ts', join('platform', 'node.ts')]);
    expect(leading('web')).toEqual([]);
  });

  it('work without a file system', async () => {
    expect(web.hasFiles).toBe(false);
    expect(await web.openFolder(SOURCES, CONTEXT)).toBeUndefined();
    expect(web.environmentVariable('PATH')).toBeUndefined();
    expect(node.environmentVariable('PATH')).toBe(process.env.PATH);
    expect((await node.openFolder(SOURCES, CONTEXT))?.origin).toBe(SOURCES);
  });
});
