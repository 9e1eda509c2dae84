/** A text on its way from what the caller gave to what the model sees. */
export interface PipelineText<Self> {
  /** The current text, in well-formed UTF-16. */
  readonly text: string;
  /** The piece from `start` to `end`, in UTF-16 units that are code point boundaries. */
  slice(start: number, end: number): Self;
}

/** What a normalizer that only looks at characters does to a text. */
export interface RewritableText {
  /** Keeps the characters whose code point passes. */
  filter(keeps: (codePoint: number) => boolean): void;
  /** Puts other text in place of some characters. */
  map(replacementOf: (codePoint: number) => string | undefined): void;
  /** NFD, in the version of Unicode that the reference's crate has. */
  decompose(): void;
  /** Lowercases every character on its own. */
  lowercase(): void;
}
