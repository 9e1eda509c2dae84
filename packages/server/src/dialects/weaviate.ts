import { optionalObject, optionalString, wrongType } from '../requests/body-fields.js';
import { type JsonObject, readJsonObject } from '../requests/request-body.js';
import { RequestError } from '../requests/request-error.js';
import { errorResponse, jsonResponse } from '../responses/json-response.js';
import { bytesResponse, rawResponse, wantsRaw } from '../responses/raw-response.js';
import { asciiJson, JsonRows } from '../vectors/json-rows.js';
import type { Call, Dialect } from './dialect.js';

/** The interface that Weaviate's text2vec-model2vec module calls. */
export const weaviate: Dialect = {
  name: 'weaviate',
  routes: [
    { method: 'POST', path: '/vectors', handle: vectors },
    { method: 'GET', path: '/meta', handle: meta },
    {
      method: 'GET',
      path: '/.well-known/live',
      open: true,
      handle: () => new Response(null, { status: 204 }),
    },
    { method: 'GET', path: '/.well-known/ready', open: true, handle: ready },
  ],
  failure: (error) => errorResponse(error, { error: error.message }),
};

async function vectors({ service, request, report }: Call): Promise<Response> {
  const body = await readJsonObject(request, service.limits.bodyBytes);
  const { text } = body;
  if (typeof text !== 'string') throw wrongType('text', 'a string', text);
  const config = optionalObject(body, 'config') ?? {};
  const model = service.models.find(optionalString(config, 'model'));
  const options = { dimensions: dimensionsOf(config), request };
  const { matrix, tokens } = await model.embed({ kind: 'texts', texts: [text] }, options);
  report(model, 1, tokens);
  if (wantsRaw(request)) return rawResponse(matrix, tokens);
  // The module reads `dims`, though its own container writes `dim`.
  const json = new JsonRows(matrix.dim).text(`{"text":${asciiJson(text)},"vector":`).row(matrix.row(0));
  return bytesResponse(json.text(`,"dim":${matrix.dim},"dims":${matrix.dim}}`).finish());
}

/** The module sends 0 if the user chose none. */
function dimensionsOf(config: JsonObject): number | undefined {
  const value = config.dimensions;
  if (value === undefined || value === null || value === 0) return undefined;
  if (typeof value === 'number' && Number.isSafeInteger(value) && value > 0) return value;
  throw wrongType('config.dimensions', 'a whole number', value);
}

function meta({ service }: Call): Response {
  const { name, embedder } = service.models.find(undefined);
  return jsonResponse({
    model_type: 'model2vec',
    model_name: name,
    model_path: name,
    dim: embedder.dim,
    normalize: embedder.normalize,
    max_length: embedder.maxLength,
    vocab_size: embedder.model.vocabularySize,
    fingerprint: embedder.fingerprint,
  });
}

function ready({ service }: Call): Response {
  if (!service.isHealthy())
    throw new RequestError('unhealthy', 'a model fails to embed, or the server is shutting down');
  return new Response(null, { status: 204 });
}
