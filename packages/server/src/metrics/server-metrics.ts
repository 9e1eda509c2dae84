import type { ServedModel } from '../models/served-model.js';
import type { RequestFacts } from '../request-record.js';
import type { PieceRecord } from '../scheduling/embedding-queue.js';
import { Counter } from './counter.js';
import { Gauge } from './gauge.js';
import { Histogram } from './histogram.js';

const SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const TEXTS = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048];

/** The metrics of `/metrics`. Labels are routes and model names of this server, never client input. */
export class ServerMetrics {
  readonly #requests: Counter = new Counter('m2v_requests_total', 'Requests answered.', [
    'route',
    'method',
    'status',
  ]);
  readonly #durations: Histogram = new Histogram(
    'm2v_request_duration_seconds',
    'Time from the head of a request to its response.',
    SECONDS,
    ['route'],
  );
  readonly #errors: Counter = new Counter('m2v_request_errors_total', 'Requests that failed, by reason.', [
    'reason',
  ]);
  readonly #texts: Counter = new Counter('m2v_texts_total', 'Texts embedded.', ['model']);
  readonly #tokens: Counter = new Counter('m2v_tokens_total', 'Tokens embedded.', ['model']);
  readonly #batchTexts: Histogram = new Histogram(
    'm2v_batch_texts',
    'Texts that were embedded in one call.',
    TEXTS,
    ['model'],
  );
  readonly #batchRequests: Histogram = new Histogram(
    'm2v_batch_requests',
    'Requests that were embedded in one call.',
    TEXTS,
    ['model'],
  );
  readonly #active: Gauge;
  readonly #queued: Gauge;

  /** @param activeRequests - returns the number of requests in progress */
  constructor(models: () => readonly ServedModel[], activeRequests: () => number) {
    this.#active = new Gauge('m2v_active_requests', 'Requests in progress.', [], () => [
      [[], activeRequests()],
    ]);
    this.#queued = new Gauge('m2v_queued_texts', 'Texts waiting to be embedded.', ['model'], () =>
      models().map(({ name, queuedTexts }) => [[name], queuedTexts] as const),
    );
  }

  /** Counts a call of the embedder. */
  addPiece(model: string, { requests, texts, tokens }: PieceRecord): void {
    this.#texts.add(texts, model);
    this.#tokens.add(tokens, model);
    this.#batchTexts.observe(texts, model);
    this.#batchRequests.observe(requests, model);
  }

  /** Counts a request. */
  addRequest({ route, method, status, durationMs, error }: RequestFacts): void {
    this.#requests.add(1, route, method, String(status));
    this.#durations.observe(durationMs / 1000, route);
    if (error !== undefined) this.#errors.add(1, error);
  }

  /** All metrics in Prometheus' text format. */
  render(): string {
    const metrics = [
      ...[this.#requests, this.#durations, this.#errors, this.#texts, this.#tokens],
      ...[this.#batchTexts, this.#batchRequests, this.#active, this.#queued],
    ];
    return metrics.map((metric) => metric.render()).join('');
  }
}
