import { ModelError } from '../model-error.js';

/** A model could not be put where it was to be saved. `cause` is the system's error. */
export class ModelNotSavedError extends ModelError {
  override readonly name: string = 'ModelNotSavedError';
  /** The folder, or the Hub's repository. */
  readonly target: string;

  constructor(target: string, message: string, options?: ErrorOptions) {
    super('model-not-saved', message, options);
    this.target = target;
  }
}
