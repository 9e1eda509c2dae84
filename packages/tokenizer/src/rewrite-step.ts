/**
 * One character of a rewritten text, and how it relates to the text before.
 *
 * `change` is the reference's: 0 replaces the next character, 1 is new, −n replaces the next and removes n after it.
 */
export interface RewriteStep {
  /** Exactly one code point. */
  readonly character: string;
  readonly change: number;
}
