import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { ModelFiles } from '../src/static-model.js';

const MODELS = new URL('../src/fixtures/models/', import.meta.url);

/** Names of the small models that `scripts/model-fixtures.py` wrote. */
export const MODEL_NAMES: readonly string[] = readdirSync(MODELS).sort();

/** Path of a small model's folder. */
export function modelFolder(name: string): string {
  return fileURLToPath(new URL(name, MODELS));
}

/** The files of a small model as bytes. */
export function modelFiles(name: string): ModelFiles {
  const folder = new URL(`${name}/`, MODELS);
  const files: Record<string, Uint8Array> = {};
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = `${entry.parentPath}/${entry.name}`.slice(fileURLToPath(folder).length).replace(/^\//, '');
    files[path] = new Uint8Array(readFileSync(new URL(path, folder)));
  }
  return files;
}
