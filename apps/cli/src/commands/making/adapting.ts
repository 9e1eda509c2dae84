import { loadStaticModel } from '@model2vec-ts/static-model';
import { placeOptions } from '../../flags/model-flags.js';
import { UsageError } from '../../terminal/cli-error.js';
import type { AdaptFlags } from './adapt-flags.js';
import { adapted, makeModel, namesTexts } from './making.js';

/** `m2v adapt`. */
export async function adaptModel(source: string, flags: AdaptFlags): Promise<void> {
  if (!namesTexts(flags)) throw new UsageError('name texts to adapt to with --texts, --own or both');
  const from = await loadStaticModel(source, placeOptions(flags));
  await makeModel(flags.teacher, flags.output, flags, (making) =>
    adapted(making, flags, { from, dimensionality: flags.dimensionality }),
  );
}
