import type { NormalizedText } from '../normalized-text.js';
import type { Normalizer } from './normalizer.js';

/** Applies several normalizers in order. */
export class Sequence implements Normalizer {
  /** In order. */
  readonly steps: readonly Normalizer[];

  constructor(steps: readonly Normalizer[]) {
    this.steps = steps;
  }

  normalize(text: NormalizedText): void {
    for (const step of this.steps) step.normalize(text);
  }
}
