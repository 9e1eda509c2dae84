import type { SearchMode } from '@model2vec-ts/search';

/** How an agent searches. */
export interface SourceSearch {
  readonly limit: number;
  readonly mode?: SearchMode;
  readonly filter?: string;
}

/** A passage as an agent gets it. */
export interface SourceHit {
  /** What `read` and `find_similar` take: `path:line`, or the id of a row. */
  readonly place: string;
  readonly score: number;
  readonly text: string;
}

/** What the tools work on: folders, or a collection. */
export interface PassageSource {
  /** What it holds, in a few words, for an agent to choose by. */
  readonly title: string;
  search(question: string, options: SourceSearch): Promise<readonly SourceHit[]>;
  /** Returns the text at a place, with some of what is around it; `undefined` if there is none. */
  read(place: string, lines: number): Promise<string | undefined>;
  /** Returns passages similar to the one at a place, without it, or to a text. */
  similar(
    to: { readonly place: string } | { readonly text: string },
    limit: number,
  ): Promise<readonly SourceHit[]>;
  close(): Promise<void>;
}
