import { RequestError } from '../requests/request-error.js';
import { invalidArgument } from '../server-options.js';
import type { ServedModel } from './served-model.js';

/** Ollama appends it to names without a tag. */
const LATEST = ':latest';

/** Models by name and alias. */
export class ModelRegistry {
  /** All models, in the given order. */
  readonly models: readonly ServedModel[];
  readonly #byName: ReadonlyMap<string, ServedModel>;
  readonly #anyModel: boolean;

  /**
   * @param anyModel - lets the first model answer for unknown names
   * @throws `ServerError` `invalid-argument` if there is no model or a name is used twice
   */
  constructor(models: readonly ServedModel[], anyModel: boolean) {
    if (models.length === 0) throw invalidArgument('models', 'a list of one model or more; found none');
    const byName = new Map<string, ServedModel>();
    for (const model of models) {
      for (const name of [model.name, ...model.aliases]) {
        if (name === '') throw invalidArgument('models', 'named; found an empty name');
        if (byName.has(name)) throw invalidArgument('models', `named differently; found ${name} twice`);
        byName.set(name, model);
      }
    }
    this.models = models;
    this.#anyModel = anyModel;
    this.#byName = byName;
  }

  /** Finds the model of a name or alias; the first model without a name. */
  find(name: string | undefined): ServedModel {
    if (name === undefined) return this.models[0]!;
    const model =
      this.#byName.get(name) ??
      (name.endsWith(LATEST) ? this.#byName.get(name.slice(0, -LATEST.length)) : undefined);
    if (model !== undefined) return model;
    if (this.#anyModel) return this.models[0]!;
    const known = this.models.map((served) => served.name).join(', ');
    throw new RequestError('unknown-model', `this server has no model of that name; it has ${known}`, {
      param: 'model',
    });
  }
}
