import type { NormalizedText } from '../normalized-text.js';
import type { NormalForm } from '../unicode/engine-form.js';
import type { Normalizer } from './normalizer.js';

/** NFC, NFD, NFKC or NFKD. */
export class UnicodeForm implements Normalizer {
  readonly #form: NormalForm;

  constructor(form: NormalForm) {
    this.#form = form;
  }

  normalize(text: NormalizedText): void {
    text.toForm(this.#form);
  }
}
