/**
 * Makes texts of words drawn from a tokenizer's vocabulary by Zipf's law: the word of rank r has a frequency of about 1 / r.
 * Every sixth word gets a suffix that splits it into pieces. Returns `text(words)`, which gives the same texts in each run.
 */
export function zipfTexts(tokenizer) {
  let state = 1;
  const random = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  const words = Array.from(
    { length: tokenizer.vocabularySize },
    (_, id) => tokenizer.idToToken(id) ?? '',
  ).filter((token) => /^[a-z]{2,}$/.test(token));
  const word = () => words[Math.floor(words.length ** random()) - 1] + (random() < 1 / 6 ? 'ization' : '');
  return {
    /** A text of so many words. */
    text: (length) => `${Array.from({ length }, word).join(' ')}.`,
    /** A text of 1 to twice as many words. */
    about: (length) => `${Array.from({ length: 1 + Math.floor(2 * length * random()) }, word).join(' ')}.`,
  };
}
