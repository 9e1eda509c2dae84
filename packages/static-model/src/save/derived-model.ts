import { platform } from '#platform';
import type { StaticModel } from '../static-model.js';
import { fingerprintOf } from '../table/fingerprint.js';

/** The parts in which a derived model differs from its original. */
export type ModelChanges = Partial<Pick<StaticModel, 'table' | 'tokenizerJson'>>;

/** Derives a model with changed parts. It gets its own fingerprint, and the layout that models are saved in. */
export function derivedModel(model: StaticModel, changes: ModelChanges): StaticModel {
  const { table, tokenizerJson } = { ...model, ...changes };
  let fingerprint: string | undefined;
  return {
    table: Object.freeze(table),
    tokenizerJson,
    config: model.config,
    layout: 'model2vec',
    origin: model.origin,
    get fingerprint(): string {
      fingerprint ??= fingerprintOf(table, tokenizerJson, platform.createSha256());
      return fingerprint;
    },
  };
}
