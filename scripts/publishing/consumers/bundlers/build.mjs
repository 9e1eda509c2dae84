// Builds the page with each bundler into out/NAME, as docs/guides/browsers-and-bundlers.md says.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { nodeResolve } from '@rollup/plugin-node-resolve';
import { rspack } from '@rspack/core';
import { build } from 'esbuild';
import { rolldown } from 'rolldown';
import { rollup } from 'rollup';
import webpack from 'webpack';

/** A second entry, for bundlers that do not follow `new URL('./worker.js', import.meta.url)`. */
const worker = fileURLToPath(import.meta.resolve('@model2vec-ts/embedding-function/worker'));
const input = { main: 'main.js', worker };

const FOLLOW_URLS = {
  webpack: (dir) => runPack(webpack, dir),
  Rspack: (dir) => runPack(rspack, dir),
};

const NEED_ENTRY_AND_MODEL = {
  esbuild: (outdir) =>
    build({ entryPoints: input, bundle: true, splitting: true, format: 'esm', minify: true, outdir }),
  Rollup: async (dir) => {
    const bundle = await rollup({ input, plugins: [nodeResolve({ browser: true })] });
    await bundle.write({ dir, format: 'esm' });
  },
  Rolldown: async (dir) => {
    const bundle = await rolldown({ input, platform: 'browser' });
    await bundle.write({ dir, format: 'esm' });
  },
  Bun: async (dir) => {
    const options = ['--target', 'browser', '--splitting', '--entry-naming', '[name].js', '--outdir', dir];
    execFileSync('node_modules/.bin/bun', ['build', 'main.js', worker, ...options]);
  },
};

function runPack(pack, path) {
  const output = {
    path: join(process.cwd(), path),
    filename: 'main.js',
    module: true,
    chunkFormat: 'module',
  };
  const options = { mode: 'production', entry: './main.js', experiments: { outputModule: true }, output };
  return new Promise((resolve, reject) => {
    pack(options, (error, stats) => {
      if (error || stats.hasErrors()) reject(error ?? new Error(stats.toString()));
      else resolve();
    });
  });
}

for (const [name, bundle] of Object.entries({ ...FOLLOW_URLS, ...NEED_ENTRY_AND_MODEL })) {
  const folder = join('out', name);
  mkdirSync(folder, { recursive: true });
  await bundle(folder);
  for (const file of ['index.html', 'texts.json']) cpSync(file, join(folder, file));
  if (name in NEED_ENTRY_AND_MODEL) {
    cpSync('node_modules/@model2vec-ts/model-minilm-l6/model', join(folder, 'model'), { recursive: true });
  }
}
