import { platform } from '#platform';
import type { StaticModel } from '../static-model.js';
import { fingerprintOf } from '../table/fingerprint.js';

/** What a model made from another one does not have in common with it. */
export type ModelChanges = Partial<Pick<StaticModel, 'table' | 'tokenizerJson'>>;

/** A model with other parts, which has a fingerprint of its own and the layout that models are saved in. */
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
