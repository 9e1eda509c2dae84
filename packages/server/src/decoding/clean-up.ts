/** What the reference replaces in each token, in its order. */
const REPLACEMENTS: readonly (readonly [found: string, content: string])[] = [
  [' .', '.'],
  [' ?', '?'],
  [' !', '!'],
  [' ,', ','],
  [" ' ", "'"],
  [" n't", "n't"],
  [" 'm", "'m"],
  [' do not', " don't"],
  [" 's", "'s"],
  [" 've", "'ve"],
  [" 're", "'re"],
];

/** Removes spaces before punctuation and English contractions. */
export function cleanUp(text: string): string {
  return REPLACEMENTS.reduce((result, [found, content]) => result.replaceAll(found, content), text);
}
