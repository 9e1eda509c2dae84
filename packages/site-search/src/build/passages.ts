import { wordsOf } from '@model2vec-ts/search/ranking';
import { pageSections } from './page-sections.js';

/** A page of a site. */
export interface SitePage {
  /** Address relative to the site's root, such as `guides/start.html`. */
  readonly url: string;
  readonly html: string;
}

/** A part of a page that a query can find. */
export interface Passage {
  readonly url: string;
  readonly anchor: string;
  readonly title: string;
  readonly headings: readonly string[];
  readonly text: string;
}

/** Words of a passage, at most, unless one block of text has more. The mean of a longer text means little. */
const MOST_WORDS = 120;

/** Splits a page into passages: its sections, and long sections at the ends of paragraphs. */
export function passagesOf({ url, html }: SitePage): Passage[] {
  const page = pageSections(html);
  if (page === undefined) return [];
  const { title } = page;
  return page.sections.flatMap(({ anchor, headings, blocks }) => {
    const texts = chunks(blocks);
    if (texts.length === 0 && headings.length > 0) texts.push('');
    return texts.map((text) => ({ url, anchor, title, headings, text }));
  });
}

function chunks(blocks: readonly string[]): string[] {
  const texts: string[] = [];
  let words = Number.POSITIVE_INFINITY;
  for (const block of blocks) {
    const count = block.split(' ').length;
    if (words + count > MOST_WORDS) {
      texts.push(block);
      words = count;
    } else {
      texts[texts.length - 1] += ` ${block}`;
      words += count;
    }
  }
  return texts;
}

/** Words that halve the score of a passage of as many words. */
const FEW_WORDS = 15;

/**
 * Returns the share of a score that a passage keeps, 0 to 1. A heading with three words below it is close to many
 * queries and answers none: on this project's site this doubles the reciprocal rank of search by meaning.
 */
export function substance({ text }: Passage): number {
  const words = wordsOf(text).length;
  return words / (words + FEW_WORDS);
}
