import { Model2VecEmbeddingFunction } from '@model2vec-ts/embedding-function';
import { minilmL6 } from '@model2vec-ts/model-minilm-l6';
import type { ServedModelOptions } from '@model2vec-ts/server';
import { UsageError } from '../../terminal/cli-error.js';

/** Name of the bundled model. */
const BUNDLED_NAME = 'minilm-l6';

/** `name=source`; the source may contain another `=`. */
const NAMED = /^([\w.:/-]+?)=(.+)$/s;
const HUB_REVISION = /^([\w.-]+\/[\w.-]+)@([\w./-]+)$/;

/** A model as named by a flag. */
export interface ModelFlag {
  readonly name: string;
  readonly source: string | undefined;
  readonly revision: string | undefined;
}

/** Reads `--model`: `name=source`, or a source whose last part becomes the name. */
export function modelFlag(value: string): ModelFlag {
  const [, name, named] = NAMED.exec(value) ?? [];
  const source = named ?? value;
  const [, id, revision] = HUB_REVISION.exec(source) ?? [];
  const place = id ?? source;
  return { name: name ?? lastPart(place), source: place, revision };
}

/** Reads `--alias` as pairs of an alias and a model's name. */
export function aliasFlags(values: readonly string[], names: readonly string[]): readonly [string, string][] {
  return values.map((value) => {
    const [, alias, name] = NAMED.exec(value) ?? [];
    if (alias === undefined || name === undefined) {
      throw new UsageError(`--alias takes ALIAS=NAME, such as text-embedding-3-small=minilm; found ${value}`);
    }
    if (!names.includes(name)) {
      throw new UsageError(
        `--alias ${value}: no --model is named ${name}; the names are ${names.join(', ')}`,
      );
    }
    return [alias, name];
  });
}

/**
 * Loads the models of the flags, each with one thread, because more threads would compete with the server's
 * connections.
 */
export async function loadModels(
  flags: readonly ModelFlag[],
  aliases: readonly (readonly [string, string])[],
): Promise<readonly ServedModelOptions[]> {
  const models: ServedModelOptions[] = [];
  for (const { name, source, revision } of flags) {
    const embedder = await Model2VecEmbeddingFunction.create({
      modelSource: source ?? minilmL6,
      ...(revision !== undefined && { revision }),
      threads: 1,
    });
    models.push({
      name,
      embedder,
      aliases: aliases.filter(([, model]) => model === name).map(([alias]) => alias),
    });
  }
  return models;
}

/** The models of `--model`, or the bundled one. */
export function modelFlags(values: readonly string[]): readonly ModelFlag[] {
  if (values.length === 0) return [{ name: BUNDLED_NAME, source: undefined, revision: undefined }];
  return values.map(modelFlag);
}

function lastPart(source: string): string {
  return source.split('/').filter(Boolean).at(-1) ?? source;
}
