/**
 * A character of a rewritten text, and its relation to the text before.
 *
 * `change` is the reference's number: 0 replaces the next character, 1 inserts, −n replaces the next and removes n more.
 */
export interface RewriteStep {
  /** Exactly one code point. */
  readonly character: string;
  readonly change: number;
}
