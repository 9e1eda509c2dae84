import type { RandomSample } from './random-sample.js';

/** A text and the value for its colour. */
export interface MappedText {
  readonly text: string;
  readonly value: unknown;
}

/** Input of a map: a sample of all texts. */
export interface MappedTexts {
  readonly name: string;
  readonly sample: RandomSample<MappedText>;
  /** Rows that could not be read. */
  readonly rejected: number;
  /** Whether the values distinguish points. */
  readonly colored: boolean;
}
