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

/** The data behind the tools: folders or a collection. */
export interface PassageSource {
  /** A short description of the contents, by which an agent chooses. */
  readonly title: string;
  search(question: string, options: SourceSearch): Promise<readonly SourceHit[]>;
  /** Returns the text at a place, with its surroundings, or `undefined` if the place has no text. */
  read(place: string, lines: number): Promise<string | undefined>;
  /** Returns passages similar to a text, or to the passage at a place, which is left out itself. */
  similar(
    to: { readonly place: string } | { readonly text: string },
    limit: number,
  ): Promise<readonly SourceHit[]>;
  close(): Promise<void>;
}
