import { DistillError } from '../distill-error.js';
import { isObject } from '../teacher/teacher-files.js';
import { plainPadding, type TokenizerFile } from './tokenizer-file.js';
import { WordProbe } from './word-probe.js';

/** Truncation of a static model's tokenizer, as the reference saves it. */
const TRUNCATION = { direction: 'Right', max_length: 512, strategy: 'LongestFirst', stride: 0 } as const;

/**
 * Derives the tokenizer of a static model from its teacher's: no post-processor, no special tokens except the unknown
 * one and padding, no token that matches the pattern, and the added words.
 *
 * @param original - the teacher's tokenizer without unneeded added tokens; not changed
 * @param words - words of one piece become tokens, others are found before the text is split
 * @param pattern - matched from the start of a token as stored
 */
export function cleanVocabulary(
  original: TokenizerFile,
  words: readonly string[],
  pattern: RegExp | undefined,
): TokenizerFile {
  const file = original.copy();
  file.postProcessor = null;
  file.truncation = TRUNCATION;
  if (file.padding !== undefined) file.padding = plainPadding(String(file.padding.pad_token));
  file.preTokenizer = withPrefixSpace(file.originalPreTokenizer);
  const matches = startMatcher(pattern);

  const seen = new Set(file.tokens);
  file.remove([...file.tokens].filter(matches));
  const probe = new WordProbe(file);
  const added: string[] = [];
  const phrases = new Set<string>();
  for (const word of words) {
    const { normalized, pieces, text } = probe.probe(word);
    if (pieces === 0) continue;
    if (pieces > 1) {
      if (file.tokens.has(word)) file.remove([word]);
      phrases.add(normalized.trim());
    } else if (!seen.has(text) && !matches(text)) {
      seen.add(text);
      added.push(text);
    }
  }
  file.pruneAdded();
  for (const word of added) file.addWord(word);
  for (const phrase of phrases) file.addPhrase(phrase);
  if (file.tokens.size === 0) {
    throw new DistillError('empty-vocabulary', `no token is left: every one matches ${pattern}`, {
      remedy: { code: 'change-pattern' },
    });
  }
  return file;
}

/** Whether a token matches from its start, like Python's `re.match`. */
function startMatcher(pattern: RegExp | undefined): (token: string) => boolean {
  if (pattern === undefined) return () => false;
  const anchored = new RegExp(`^(?:${pattern.source})`, pattern.flags.replace(/[gy]/g, ''));
  return (token) => anchored.test(token);
}

/** Makes a byte-level pre-tokenizer add a space before a text, so that a word is the same token everywhere. */
function withPrefixSpace(preTokenizer: unknown): unknown {
  if (!isObject(preTokenizer)) return preTokenizer ?? null;
  if (preTokenizer.type === 'ByteLevel') return { ...preTokenizer, add_prefix_space: true };
  if (preTokenizer.type !== 'Sequence' || !Array.isArray(preTokenizer.pretokenizers)) return preTokenizer;
  // Only the first one, as in the reference.
  const first = preTokenizer.pretokenizers.findIndex((each) => isObject(each) && each.type === 'ByteLevel');
  return {
    ...preTokenizer,
    pretokenizers: preTokenizer.pretokenizers.map((each, i) => (i === first ? withPrefixSpace(each) : each)),
  };
}
