/** Replaces some characters of a text. Usually returns the text itself. */
export function mapCharacters(
  text: string,
  replacementOf: (codePoint: number) => string | undefined,
): string {
  let result = '';
  let copied = 0;
  for (let i = 0; i < text.length; ) {
    const codePoint = text.codePointAt(i)!;
    const next = codePoint > 0xffff ? i + 2 : i + 1;
    const replacement = replacementOf(codePoint);
    if (replacement !== undefined) {
      result += text.slice(copied, i) + replacement;
      copied = next;
    }
    i = next;
  }
  return copied === 0 ? text : result + text.slice(copied);
}
