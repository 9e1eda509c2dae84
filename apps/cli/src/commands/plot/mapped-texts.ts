import type { RandomSample } from './random-sample.js';

/** A text and the value that colours it. */
export interface MappedText {
  readonly text: string;
  readonly value: unknown;
}

/** What is drawn: a part of all texts. */
export interface MappedTexts {
  readonly name: string;
  readonly sample: RandomSample<MappedText>;
  /** Rows that could not be read. */
  readonly rejected: number;
  /** Whether values tell points apart. */
  readonly colored: boolean;
}
