import { readFile } from 'node:fs/promises';
import { UsageError } from '../../terminal/cli-error.js';
import { fileError } from '../../terminal/file-error.js';
import type { DistillFlags } from './distill-flags.js';
import { adapted, makeModel, namesTexts } from './making.js';

/** `m2v distill`. */
export async function distillModel(source: string, flags: DistillFlags): Promise<void> {
  const vocabulary = flags.words === undefined ? undefined : await linesOf(flags.words);
  const { dimensionality } = flags;
  if (namesTexts(flags)) {
    for (const [name, value] of [
      ['--pooling', flags.pooling],
      ['--sif', flags.sif],
      ['--vocabulary-size', flags.vocabularySize],
    ] as const) {
      if (value !== undefined)
        throw new UsageError(`${name} has no effect with --texts or --own; leave one of them out`);
    }
    if (dimensionality === 'auto' || dimensionality === 'none' || (dimensionality ?? 1) < 1) {
      throw new UsageError('with --texts or --own, --dimensionality is a whole number');
    }
    await makeModel(source, flags.output, flags, (making) =>
      adapted(making, flags, { vocabulary, dimensionality }),
    );
    return;
  }
  const { distill } = await import('@model2vec-ts/distill');
  await makeModel(source, flags.output, flags, async ({ teacher, signal, show }) => ({
    model: await distill(teacher, {
      vocabulary,
      dimensionality: dimensionality === 'none' ? null : dimensionality,
      sifCoefficient: flags.sif === 'none' ? null : flags.sif,
      pooling: flags.pooling,
      dtype: flags.dtype,
      vocabularySize: flags.vocabularySize,
      threads: flags.threads,
      signal,
      onProgress: show,
    }),
    facts: '',
  }));
}

async function linesOf(file: string): Promise<readonly string[]> {
  try {
    const text = await readFile(file, 'utf8');
    return text.split(/\r?\n/).filter((line) => line !== '');
  } catch (cause) {
    throw fileError('read', file, cause);
  }
}
