/**
 * Returns the first `count` code points of a text, like the reference (Python counts code points). A lone surrogate counts
 * as one.
 *
 * Costs `count` steps, however long the text is.
 */
export function firstCodePoints(text: string, count: number): string {
  if (text.length <= count) return text;
  let end = 0;
  for (let seen = 0; seen < count && end < text.length; seen++)
    end += text.codePointAt(end)! > 0xffff ? 2 : 1;
  return text.slice(0, end);
}
