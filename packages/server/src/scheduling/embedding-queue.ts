import {
  EmbeddingMatrix,
  type Model2VecEmbeddingFunction,
  type TokenBatch,
} from '@model2vec-ts/embedding-function';
import { type EmbeddingInput, inputLength } from '../requests/embedding-input.js';
import { RequestError } from '../requests/request-error.js';
import type { EmbeddingJob, EmbeddingResult, EmbedSettings } from './embedding-job.js';
import { laterTask } from './later-task.js';
import { inputError, limitTokens, tokensOf } from './token-limits.js';

/**
 * Texts and characters embedded before other connections get a turn: a millisecond or two of work. A request that fits is
 * embedded at once, without a copy of its rows.
 */
const PIECE_TEXTS = 1024;
const PIECE_CHARACTERS = 1 << 17;
/** Milliseconds after which a waiting client may have left. Checked later than that, because a signal costs as much as embedding some texts. */
const PATIENCE_MS = 10;

/** Limits of a queue. */
export interface QueueLimits {
  /** Limit on waiting texts. */
  readonly queuedTexts: number;
  /** Limit on tokens per request. */
  readonly tokens: number;
  /** Longest wait of a request, in milliseconds. */
  readonly timeoutMs: number;
}

/** Report about one piece of work. */
export interface PieceRecord {
  readonly requests: number;
  readonly texts: number;
  readonly tokens: number;
}

/** Part of a job that is embedded together with parts of others. */
interface Piece {
  readonly job: EmbeddingJob;
  readonly from: number;
  readonly to: number;
}

/**
 * Embeds the requests of one model. Requests that arrive together are embedded together; large ones are processed in
 * pieces, in turn with the others. Refuses requests while more texts wait than the limit, so that the wait stays
 * bounded.
 */
export class EmbeddingQueue {
  readonly #embedder: Model2VecEmbeddingFunction;
  readonly #limits: QueueLimits;
  readonly #report: (record: PieceRecord) => void;
  #jobs: EmbeddingJob[] = [];
  #queuedTexts = 0;
  #isDraining = false;
  /** Texts per millisecond, as a moving average. */
  #rate = 100;

  constructor(
    embedder: Model2VecEmbeddingFunction,
    limits: QueueLimits,
    report: (record: PieceRecord) => void = () => undefined,
  ) {
    this.#embedder = embedder;
    this.#limits = limits;
    this.#report = report;
  }

  /** Number of waiting texts. */
  get queuedTexts(): number {
    return this.#queuedTexts;
  }

  /**
   * Embeds an input.
   *
   * @throws {@link RequestError} `overloaded`, `timed-out`, `input-too-long`, `batch-too-large` for too many tokens, or
   *   `invalid-argument` for token ids that the model lacks; `aborted` if the client has left
   */
  embed(
    input: EmbeddingInput,
    settings: EmbedSettings,
    request?: Pick<Request, 'signal'>,
  ): Promise<EmbeddingResult> {
    const length = inputLength(input);
    if (this.#queuedTexts + length > this.#limits.queuedTexts && this.#queuedTexts > 0) {
      const retryAfterSeconds = Math.max(1, Math.ceil(this.#queuedTexts / this.#rate / 1000));
      const message = `the queue is full: ${this.#queuedTexts} texts are waiting; try again in ${retryAfterSeconds} s`;
      return Promise.reject(new RequestError('overloaded', message, { retryAfterSeconds }));
    }
    return new Promise((resolve, reject) => {
      const arrival = performance.now();
      const state = { matrix: undefined, done: 0, tokens: 0 };
      this.#jobs.push({ input, length, settings, request, arrival, ...state, resolve, reject });
      this.#queuedTexts += length;
      if (this.#isDraining) return;
      this.#isDraining = true;
      void this.#drain();
    });
  }

  async #drain(): Promise<void> {
    while (this.#jobs.length > 0) {
      await laterTask();
      // One look at the clock for all, because on some machines it takes a microsecond.
      const now = performance.now();
      const pieces = this.#nextPieces(now);
      if (pieces.length > 0) await this.#run(pieces, now);
    }
    this.#isDraining = false;
  }

  /**
   * Takes pieces of the longest-waiting jobs with the same settings; the rest of a job goes to the end of the queue.
   */
  #nextPieces(now: number): Piece[] {
    const jobs = this.#jobs;
    const pieces: Piece[] = [];
    const later: EmbeddingJob[] = [];
    let texts = 0;
    let characters = 0;
    let taken = 0;
    for (const job of jobs) {
      if (texts >= PIECE_TEXTS || characters >= PIECE_CHARACTERS) break;
      const first = pieces[0]?.job;
      if (first !== undefined && !areTogether(first, job)) break;
      taken++;
      if (this.#isOver(job, now)) continue;
      const from = job.done;
      let to = from;
      while (to < job.length && texts < PIECE_TEXTS && characters < PIECE_CHARACTERS) {
        characters += sizeOf(job.input, to++);
        texts++;
      }
      pieces.push({ job, from, to });
      if (to < job.length) later.push(job);
    }
    this.#jobs = taken === jobs.length ? later : [...jobs.slice(taken), ...later];
    return pieces.length === 0 && this.#jobs.length > 0 ? this.#nextPieces(now) : pieces;
  }

  /** Ends a job whose caller no longer waits. */
  #isOver(job: EmbeddingJob, now: number): boolean {
    const waited = now - job.arrival;
    if (waited > PATIENCE_MS && job.request?.signal.aborted) {
      this.#fail(job, new RequestError('aborted', 'the client ended the request'));
    } else if (waited > this.#limits.timeoutMs) {
      const message = `not embedded within ${this.#limits.timeoutMs} ms; send fewer texts per request, or try again`;
      this.#fail(job, new RequestError('timed-out', message, { retryAfterSeconds: 1 }));
    } else return false;
    return true;
  }

  async #run(pieces: readonly Piece[], started: number): Promise<void> {
    try {
      const { settings } = pieces[0]!.job;
      const lengths = pieces.map(({ from, to }) => to - from);
      const texts = lengths.reduce((sum, length) => sum + length, 0);
      const tokens = limitTokens(this.#tokens(pieces), settings.truncation, this.#embedder.maxLength);
      const matrix = await this.#embedder.encodeTokens(tokens, {
        normalize: settings.normalize,
        dimensionality: settings.dimensions,
      });
      let row = 0;
      pieces.forEach((piece, i) => {
        this.#deliver(piece, matrix, row, tokens.offsets[row + lengths[i]!]! - tokens.offsets[row]!);
        row += lengths[i]!;
      });
      this.#report({ requests: pieces.length, texts, tokens: tokens.ids.length });
      this.#rate += (texts / Math.max(0.01, performance.now() - started) - this.#rate) / 16;
    } catch (error) {
      // If several requests were embedded together, only the wrong one fails.
      if (pieces.length === 1) this.#fail(pieces[0]!.job, inputError(error));
      else for (const piece of pieces) await this.#run([piece], performance.now());
    }
  }

  #tokens(pieces: readonly Piece[]): TokenBatch {
    const { job, from, to } = pieces[0]!;
    const { truncation } = job.settings;
    if (pieces.length === 1) return tokensOf(this.#embedder, job.input, truncation, from, to);
    // `flatMap` would take a third as long as embedding the texts.
    const texts = ([] as string[]).concat(...pieces.map(textsOf));
    return tokensOf(this.#embedder, { kind: 'texts', texts }, truncation, 0, texts.length);
  }

  #deliver({ job, from, to }: Piece, matrix: EmbeddingMatrix, row: number, tokens: number): void {
    const { dim } = matrix;
    job.tokens += tokens;
    if (job.tokens > this.#limits.tokens) {
      const message = `a request must have at most ${this.#limits.tokens} tokens; send fewer texts per request`;
      this.#fail(job, new RequestError('batch-too-large', message));
      return;
    }
    const rows = matrix.data.subarray(row * dim, (row + to - from) * dim);
    if (to - from === job.length) job.matrix = new EmbeddingMatrix(rows, job.length, dim);
    else {
      job.matrix ??= new EmbeddingMatrix(new Float32Array(job.length * dim), job.length, dim);
      job.matrix.data.set(rows, from * dim);
    }
    job.done = to;
    this.#queuedTexts -= to - from;
    if (to === job.length) job.resolve({ matrix: job.matrix, tokens: job.tokens });
  }

  #fail(job: EmbeddingJob, error: unknown): void {
    this.#queuedTexts -= job.length - job.done;
    job.done = job.length;
    this.#jobs = this.#jobs.filter((other) => other !== job);
    job.reject(error);
  }
}

/** Whether two jobs can be embedded in one call. */
function areTogether(a: EmbeddingJob, b: EmbeddingJob): boolean {
  return (
    a.input.kind === 'texts' &&
    b.input.kind === 'texts' &&
    a.settings.normalize === b.settings.normalize &&
    a.settings.dimensions === b.settings.dimensions &&
    a.settings.truncation === b.settings.truncation
  );
}

function textsOf({ job, from, to }: Piece): readonly string[] {
  const { input } = job;
  if (input.kind !== 'texts') return [];
  return to - from === input.texts.length ? input.texts : input.texts.slice(from, to);
}

function sizeOf(input: EmbeddingInput, index: number): number {
  if (input.kind === 'texts') return input.texts[index]!.length;
  return input.tokens.offsets[index + 1]! - input.tokens.offsets[index]!;
}
