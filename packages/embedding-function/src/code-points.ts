/**
 * The first `count` code points of a text, as the reference cuts it (Python counts code points). A lone surrogate
 * counts as one.
 *
 * Works against the cut, not the text: a text of megabytes costs no more than its first `count` code points.
 */
export function firstCodePoints(text: string, count: number): string {
  if (text.length <= count) return text;
  let end = 0;
  for (let seen = 0; seen < count && end < text.length; seen++)
    end += text.codePointAt(end)! > 0xffff ? 2 : 1;
  return text.slice(0, end);
}
