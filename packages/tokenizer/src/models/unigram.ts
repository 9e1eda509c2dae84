import type { TokenSink } from '../token-batch.js';
import { appendId } from './append-id.js';
import { ByteFallback } from './byte-fallback.js';
import { noUnknownToken } from './no-unknown-token.js';
import type { TokenModel } from './token-model.js';
import { EMPTY_HASH, findToken, HASH_PRIME, NO_TOKEN, type Vocabulary } from './vocabulary.js';

/** Cost of an unknown character beyond the worst token. */
const UNKNOWN_PENALTY = 10;
/** Paths of longer pieces are not reused, because their 20 bytes per unit would stay allocated. */
const KEPT_UNITS = 1 << 16;
const UNREACHED = -1;

/** Settings of a Unigram model in `tokenizer.json`. */
export interface UnigramSettings {
  readonly vocabulary: Vocabulary;
  /** Tokens by id, if some of them are equal; the vocabulary has the last one's id. */
  readonly tokens?: readonly string[];
  /** Score of each id: the logarithm of its token's probability. */
  readonly scores: Float64Array;
  /** Below `scores.length`, or `null`. */
  readonly unknownId: number | null;
  readonly byteFallback: boolean;
}

/** The best path to each position of a piece, in UTF-16 units. */
class BestPaths {
  /** Sum of the scores up to the position. */
  readonly scores: Float64Array;
  /** Start of the token that ends at the position. */
  readonly starts: Int32Array;
  /** The token that ends at the position. */
  readonly ids: Uint32Array;
  /** End of the token that starts at the position: the path in forward direction. */
  readonly ends: Int32Array;

  constructor(units: number) {
    this.scores = new Float64Array(units + 1);
    this.starts = new Int32Array(units + 1);
    this.ids = new Uint32Array(units + 1);
    this.ends = new Int32Array(units + 1);
  }
}

/**
 * Finds the tokens whose scores have the largest sum, with Viterbi's algorithm from left to right. Characters that no
 * token covers are unknown; neighbouring ones count as one.
 *
 * A piece of n UTF-16 units costs at most n × the longest token.
 */
export class Unigram implements TokenModel {
  readonly family = 'Unigram';
  readonly unknownToken: undefined;
  readonly unknownId: number | null;
  readonly #tokens: readonly string[] | undefined;
  /** Score of each token, by its id. */
  readonly scores: Float64Array;
  #unknownScore: number | undefined;
  readonly vocabulary: Vocabulary;
  readonly #byteFallback: ByteFallback | undefined;
  #kept = new BestPaths(256);

  constructor(settings: UnigramSettings) {
    this.unknownId = settings.unknownId;
    this.#tokens = settings.tokens;
    this.scores = settings.scores;
    this.vocabulary = settings.vocabulary;
    this.#byteFallback = settings.byteFallback ? new ByteFallback(this.vocabulary) : undefined;
  }

  get size(): number {
    return this.scores.length;
  }

  tokenize(piece: string, sink: TokenSink): void {
    const paths = this.#pathsFor(piece.length);
    this.#findBestPaths(piece, paths);
    for (let end = piece.length; end > 0; end = paths.starts[end]!) paths.ends[paths.starts[end]!] = end;
    for (let start = 0; start < piece.length; ) {
      let end = paths.ends[start]!;
      if (paths.ids[end] !== this.unknownId) {
        appendId(sink, paths.ids[end]!);
      } else {
        while (end < piece.length && paths.ids[paths.ends[end]!] === this.unknownId) end = paths.ends[end]!;
        this.#appendUnknown(piece.slice(start, end), this.unknownId, sink);
      }
      start = end;
    }
  }

  tokenToId(token: string): number | undefined {
    return this.vocabulary.idOf(token);
  }

  idToToken(id: number): string | undefined {
    return this.#tokens ? this.#tokens[id] : this.vocabulary.tokenOf(id);
  }

  #pathsFor(units: number): BestPaths {
    if (units > KEPT_UNITS) return new BestPaths(units);
    if (units >= this.#kept.scores.length) this.#kept = new BestPaths(Math.min(units * 2, KEPT_UNITS));
    return this.#kept;
  }

  #findBestPaths(piece: string, paths: BestPaths): void {
    const { scores, starts, ids } = paths;
    const { packed } = this.vocabulary;
    const tokenScores = this.scores;
    starts.fill(UNREACHED, 0, piece.length + 1);
    scores[0] = 0;
    for (let start = 0; start < piece.length; ) {
      const before = scores[start]!;
      const first = piece.charCodeAt(start);
      const next = start + (first >= 0xd800 && first <= 0xdbff ? 2 : 1);
      let covered = false;
      let hash = EMPTY_HASH;
      const last = Math.min(piece.length, start + packed.longest);
      for (let i = start; i < last; ) {
        hash = Math.imul(hash ^ piece.charCodeAt(i++), HASH_PRIME);
        const token = findToken(packed, hash, '', piece, start, i - start);
        if (token === NO_TOKEN) continue;
        const id = packed.ids[token]!;
        if (i === next) covered = true;
        const score = tokenScores[id]! + before;
        // Of equal sums the first stays, which has the longest last token.
        if (starts[i] === UNREACHED || score > scores[i]!) {
          scores[i] = score;
          starts[i] = start;
          ids[i] = id;
        }
      }
      if (!covered) {
        // Most texts have no unknown character, and reading all scores takes milliseconds.
        this.#unknownScore ??= leastOf(this.scores) - UNKNOWN_PENALTY;
        const score = this.#unknownScore + before;
        if (starts[next] === UNREACHED || score > scores[next]!) {
          if (this.unknownId === null)
            throw noUnknownToken(this.family, 'its unk_id is null or absent', piece);
          scores[next] = score;
          starts[next] = start;
          ids[next] = this.unknownId;
        }
      }
      start = next;
    }
  }

  /** A run of unknown characters can be a token as a whole, as in the reference. */
  #appendUnknown(text: string, unknownId: number, sink: TokenSink): void {
    const id = this.vocabulary.idOf(text);
    const bytes = id === undefined ? this.#byteFallback?.idsOf(text) : undefined;
    if (bytes === undefined) {
      appendId(sink, id ?? unknownId);
    } else {
      for (const byte of bytes) appendId(sink, byte);
    }
  }
}

function leastOf(scores: Float64Array): number {
  let least = Number.POSITIVE_INFINITY;
  // Most calls are before an engine has compiled this, when iterating takes ten times as long.
  for (let id = 0; id < scores.length; id++) least = Math.min(least, scores[id]!);
  return least;
}
