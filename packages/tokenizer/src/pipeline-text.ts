/** A text between the caller and the model. */
export interface PipelineText<Self> {
  /** The current text, in well-formed UTF-16. */
  readonly text: string;
  /** Returns the piece from `start` to `end`, which are code point boundaries in UTF-16 units. */
  slice(start: number, end: number): Self;
}

/** Operations of normalizers that treat each character alone. */
export interface RewritableText {
  /** Keeps the characters whose code point passes. */
  filter(keeps: (codePoint: number) => boolean): void;
  /** Replaces characters with other text. */
  map(replacementOf: (codePoint: number) => string | undefined): void;
  /** Normalizes to NFD, with the Unicode version of the reference's crate. */
  decompose(): void;
  /** Lowercases each character alone. */
  lowercase(): void;
}
