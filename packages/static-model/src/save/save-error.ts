import { ModelError, type ModelErrorOptions } from '../model-error.js';

/** A model could not be saved or pushed. `cause` is the system's error. */
export class ModelNotSavedError extends ModelError {
  override readonly name: string = 'ModelNotSavedError';
  /** The folder, or the repository on the Hub. */
  readonly target: string;

  constructor(target: string, summary: string, options?: ModelErrorOptions) {
    super('model-not-saved', summary, options);
    this.target = target;
  }
}
