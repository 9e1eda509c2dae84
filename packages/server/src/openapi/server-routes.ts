import type { Dialect } from '../dialects/dialect.js';
import { errorResponse, jsonResponse } from '../responses/json-response.js';
import { openApiDocument } from './document.js';
import { PAGE } from './page.js';

/** Routes about the server itself. */
export const serverRoutes: Dialect = {
  name: 'server',
  routes: [
    {
      method: 'GET',
      path: '/openapi.json',
      open: true,
      handle: ({ service }) => jsonResponse(openApiDocument(service.version, service.needsKey)),
    },
    { method: 'GET', path: '/docs', open: true, handle: page },
    {
      method: 'GET',
      path: '/',
      open: true,
      // Browsers get the page; programs only check whether the server answers.
      handle: ({ request }) =>
        request.headers.get('accept')?.includes('text/html') === true
          ? page()
          : new Response('model2vec-ts is running', { headers: { 'content-type': 'text/plain' } }),
    },
  ],
  failure: (error) => errorResponse(error, { error: error.message }),
};

function page(): Response {
  return new Response(PAGE, {
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy':
        "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; connect-src 'self'",
    },
  });
}
