/** Texts in many scripts, empty, broken and long, and enough short ones for a batch. */
export const TEXTS: readonly string[] = [
  'Alan Turing was born in London.',
  '',
  'Ærøskøbing, naïve café, Straße, ŻÓŁĆ',
  '人工知能は1956年に学問分野として確立された。',
  'Искусственный интеллект',
  'مرحبا بالعالم',
  '👩‍👩‍👧‍👦 family 🇩🇰',
  'a\u0301 b\u200d c\ufeff \ud800 lone',
  'word '.repeat(2000),
  ...Array.from({ length: 600 }, (_, i) => `sentence number ${i} of many, ${(i * 7919) % 1000}`),
];

/** More texts than the minimum for several threads. */
export const MANY: readonly string[] = Array.from({ length: 5 }, () => TEXTS).flat();
