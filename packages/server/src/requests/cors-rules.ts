import { invalidArgument } from '../server-options.js';

/** Origins of pages that may read responses. */
export class CorsRules {
  readonly #origins: ReadonlySet<string>;
  readonly #all: boolean;

  /** @throws `ServerError` `invalid-argument` for an invalid origin */
  constructor(origins: readonly string[]) {
    for (const origin of origins) {
      if (origin !== '*' && !isOrigin(origin)) {
        throw invalidArgument('corsOrigins', `origins such as https://example.com, or *; found ${origin}`);
      }
    }
    this.#origins = new Set(origins);
    this.#all = this.#origins.has('*');
  }

  /** Answers a browser's preflight request; `undefined` for any other request. */
  preflight(request: Request): Response | undefined {
    if (this.#origins.size === 0 || request.method !== 'OPTIONS') return undefined;
    if (!request.headers.has('access-control-request-method')) return undefined;
    const headers = {
      'access-control-allow-methods': 'GET, POST',
      'access-control-allow-headers': 'authorization, content-type, api-key, x-api-key, x-request-id',
      'access-control-max-age': '86400',
    };
    return new Response(null, { status: 204, headers });
  }

  /** Allows pages of a known origin to read the response. */
  apply(request: Request, response: Response): Response {
    if (this.#origins.size === 0) return response;
    const origin = request.headers.get('origin');
    if (origin === null || !(this.#all || this.#origins.has(origin))) return response;
    response.headers.set('access-control-allow-origin', this.#all ? '*' : origin);
    response.headers.append('vary', 'origin');
    return response;
  }
}

function isOrigin(value: string): boolean {
  return URL.canParse(value) && new URL(value).origin === value;
}
