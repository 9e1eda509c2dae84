import { ModelError, type ModelErrorOptions } from '../model-error.js';

/**
 * A model could not be saved or pushed. `cause` is the system's error.
 *
 * @example
 * ```ts
 * import { loadStaticModel, ModelNotSavedError, saveStaticModel } from '@model2vec-ts/static-model';
 *
 * const model = await loadStaticModel('./my-model');
 * try {
 *   await saveStaticModel(model, '/read-only');
 * } catch (error) {
 *   if (!(error instanceof ModelNotSavedError)) throw error;
 *   console.error(`${error.target}: ${error.message}`, error.cause);
 * }
 * ```
 */
export class ModelNotSavedError extends ModelError {
  override readonly name: string = 'ModelNotSavedError';
  /** The folder, or the repository on the Hub. */
  readonly target: string;

  constructor(target: string, summary: string, options?: ModelErrorOptions) {
    super('model-not-saved', summary, options);
    this.target = target;
  }
}
