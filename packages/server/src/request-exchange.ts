import type { Dialect, Route, Service } from './dialects/dialect.js';
import type { RequestFacts } from './request-record.js';
import type { ApiKeys } from './requests/api-keys.js';
import { RequestError, requestErrorOf } from './requests/request-error.js';

/** Client request ids that are safe to log. */
const REQUEST_ID = /^[\w.:-]{1,128}$/;

/** Handles a request: key, limits, route, errors in the dialect's format, and a record of it. */
export class RequestExchange {
  readonly #service: Service;
  readonly #keys: ApiKeys;
  readonly #record: (facts: RequestFacts) => void;
  #active = 0;
  #lastId = 0;

  constructor(service: Service, keys: ApiKeys, record: (facts: RequestFacts) => void) {
    this.#service = service;
    this.#keys = keys;
    this.#record = record;
  }

  /** Requests in progress. */
  get activeRequests(): number {
    return this.#active;
  }

  /** Answers a request; never rejects. */
  async answer(dialect: Dialect, route: Route, request: Request, param: string): Promise<Response> {
    const started = performance.now();
    let used: Pick<RequestFacts, 'model' | 'texts' | 'tokens'> | undefined;
    let failure: RequestError | undefined;
    let response: Response;
    this.#active++;
    try {
      if (route.open !== true) this.#admit(request);
      response = await route.handle({
        service: this.#service,
        request,
        param,
        report: ({ name }, texts, tokens) => {
          used = { model: name, texts, tokens };
        },
      });
    } catch (error) {
      failure = request.signal.aborted
        ? new RequestError('aborted', 'the client ended the request', { cause: error })
        : requestErrorOf(error);
      response = dialect.failure(failure);
    }
    this.#active--;
    this.#finish(route.path, request, response, started, failure, used);
    return response;
  }

  /** Answers a request that has no route. */
  refuse(dialect: Dialect, route: string, request: Request, error: RequestError): Response {
    const response = dialect.failure(error);
    this.#finish(route, request, response, performance.now(), error);
    return response;
  }

  #admit(request: Request): void {
    this.#keys.check(request.headers);
    const { activeRequests } = this.#service.limits;
    if (this.#active > activeRequests) {
      const message = `${activeRequests} requests are in progress; try again in 1 s`;
      throw new RequestError('overloaded', message, { retryAfterSeconds: 1 });
    }
  }

  #finish(
    route: string,
    request: Request,
    response: Response,
    started: number,
    failure: RequestError | undefined,
    used?: Pick<RequestFacts, 'model' | 'texts' | 'tokens'>,
  ): void {
    const durationMs = performance.now() - started;
    this.#record({
      requestId: this.#requestId(request),
      method: request.method,
      route,
      status: response.status,
      durationMs,
      ...used,
      ...(failure !== undefined && { error: failure.code }),
      ...(failure?.code === 'internal' && { fault: failure.cause }),
    });
  }

  #requestId(request: Request): string {
    const given = request.headers.get('x-request-id');
    return given !== null && REQUEST_ID.test(given) ? given : String(++this.#lastId);
  }
}
