import type { EmbeddingMatrix } from '@model2vec-ts/embedding-function';
import type { ServedModel } from '../models/served-model.js';
import {
  optionalBoolean,
  optionalCount,
  optionalObject,
  optionalString,
  wrongType,
} from '../requests/body-fields.js';
import { type InputRules, parseInput, parseTexts, parseTokens } from '../requests/embedding-input.js';
import { type JsonObject, readJsonObject } from '../requests/request-body.js';
import { RequestError, type RequestErrorCode } from '../requests/request-error.js';
import { errorResponse, jsonResponse } from '../responses/json-response.js';
import { bytesResponse, rawResponse, wantsRaw } from '../responses/raw-response.js';
import type { Truncation } from '../scheduling/embedding-job.js';
import { cosine } from '../vectors/cosine.js';
import { JsonRows } from '../vectors/json-rows.js';
import type { Call, Dialect, Service } from './dialect.js';

/** TEI's error types. */
const TYPES: Partial<Record<RequestErrorCode, string>> = {
  'empty-input': 'Empty',
  overloaded: 'Overloaded',
  'shutting-down': 'Unhealthy',
  unhealthy: 'Unhealthy',
  'timed-out': 'Overloaded',
  'unsupported-model': 'Backend',
  internal: 'Backend',
};

const STATUSES: Partial<Record<RequestErrorCode, number>> = { 'invalid-argument': 422 };

/** The interface of Hugging Face's text-embeddings-inference, and the path that `@huggingface/inference` posts to. */
export const tei: Dialect = {
  name: 'tei',
  routes: [
    { method: 'POST', path: '/embed', handle: embed },
    { method: 'POST', path: '/', handle: predict },
    { method: 'POST', path: '/embed_all', handle: embedAll },
    { method: 'POST', path: '/similarity', handle: similarity },
    { method: 'POST', path: '/tokenize', handle: tokenize },
    { method: 'POST', path: '/decode', handle: decode },
    { method: 'GET', path: '/info', handle: info },
    { method: 'GET', path: '/health', open: true, handle: health },
    { method: 'GET', path: '/ping', open: true, handle: health },
    { method: 'GET', path: '/metrics', open: true, handle: metrics },
  ],
  failure(error) {
    const body = { error: error.message, error_type: TYPES[error.code] ?? 'Validation' };
    return errorResponse(error, body, STATUSES);
  },
};

async function embed(call: Call): Promise<Response> {
  return embedBody(call, await bodyOf(call));
}

/** The inference client requests sentence similarities or embeddings from the same endpoint. */
async function predict(call: Call): Promise<Response> {
  const body = await bodyOf(call);
  const { inputs } = body;
  const isSimilarity = typeof inputs === 'object' && inputs !== null && !Array.isArray(inputs);
  return isSimilarity ? similarityOf(call, body) : embedBody(call, body);
}

async function embedBody({ service, request, report }: Call, body: JsonObject): Promise<Response> {
  const model = modelOf(service, body);
  const input = parseInput(body.inputs, inputRules(service));
  const { matrix, tokens } = await model.embed(input, {
    normalize: optionalBoolean(body, 'normalize'),
    dimensions: optionalCount(body, 'dimensions'),
    truncation: truncationOf(body),
    request,
  });
  report(model, matrix.rows, tokens);
  if (wantsRaw(request)) return rawResponse(matrix, tokens);
  const json = new JsonRows(matrix.data.length);
  return bytesResponse(writeRows(json, matrix).finish());
}

function writeRows(json: JsonRows, matrix: EmbeddingMatrix): JsonRows {
  json.text('[');
  for (let i = 0; i < matrix.rows; i++) json.text(i === 0 ? '' : ',').row(matrix.row(i));
  return json.text(']');
}

async function embedAll(call: Call): Promise<Response> {
  const { service, report } = call;
  const body = await bodyOf(call);
  const model = modelOf(service, body);
  const input = parseInput(body.inputs, inputRules(service));
  const matrices = await model.embedTokens(input, truncationOf(body));
  const tokens = matrices.reduce((sum, { rows }) => sum + rows, 0);
  report(model, matrices.length, tokens);
  const json = new JsonRows(tokens * model.embedder.dim).text('[');
  matrices.forEach((matrix, i) => {
    writeRows(json.text(i === 0 ? '' : ','), matrix);
  });
  return bytesResponse(json.text(']').finish());
}

async function similarity(call: Call): Promise<Response> {
  return similarityOf(call, await bodyOf(call));
}

async function similarityOf({ service, request, report }: Call, body: JsonObject): Promise<Response> {
  const model = modelOf(service, body);
  const inputs = optionalObject(body, 'inputs');
  if (inputs === undefined) throw wrongType('inputs', 'an object', inputs);
  const source = inputs.source_sentence;
  if (typeof source !== 'string') throw wrongType('inputs.source_sentence', 'a string', source);
  const rules = { ...inputRules(service), name: 'inputs.sentences' };
  const { sentences } = inputs;
  if (!Array.isArray(sentences)) throw wrongType(rules.name, 'an array of strings', sentences);
  const texts = [source, ...parseTexts(sentences, rules)];
  const truncation = truncationOf(optionalObject(body, 'parameters') ?? {});
  const { matrix, tokens } = await model.embed({ kind: 'texts', texts }, { truncation, request });
  report(model, matrix.rows, tokens);
  const first = matrix.row(0);
  return jsonResponse(texts.slice(1).map((_, i) => cosine(first, matrix.row(i + 1))));
}

async function tokenize(call: Call): Promise<Response> {
  const { service } = call;
  const body = await bodyOf(call);
  const { tokenizer } = modelOf(service, body).embedder;
  const texts = parseTexts(body.inputs, inputRules(service));
  optionalBoolean(body, 'add_special_tokens');
  const { ids, offsets } = tokenizer.encodeBatch(texts);
  return jsonResponse(
    texts.map((_, i) =>
      // Model2Vec adds no special tokens, and its tokenizers keep no offsets; TEI omits unknown offsets too.
      Array.from(ids.subarray(offsets[i], offsets[i + 1]), (id) => ({
        id,
        text: tokenizer.idToToken(id) ?? '',
        special: false,
        start: null,
        stop: null,
      })),
    ),
  );
}

async function decode(call: Call): Promise<Response> {
  const { service, report } = call;
  const body = await bodyOf(call);
  const model = modelOf(service, body);
  const tokens = parseTokens(body.ids, { ...inputRules(service), name: 'ids', refuseEmpty: false });
  const texts = model.decode(tokens, optionalBoolean(body, 'skip_special_tokens') ?? true);
  report(model, texts.length, tokens.ids.length);
  return jsonResponse(texts);
}

function info({ service }: Call): Response {
  const model = service.models.find(undefined);
  const { fingerprint, maxLength, model: facts } = model.embedder;
  return jsonResponse({
    model_id: model.name,
    model_sha: fingerprint.slice(0, 64),
    model_dtype: facts.dtype,
    served_model_name: model.name,
    model_type: { embedding: { pooling: 'mean' } },
    max_concurrent_requests: service.limits.activeRequests,
    max_input_length: maxLength ?? service.limits.tokens,
    max_batch_tokens: service.limits.tokens,
    max_batch_requests: null,
    max_client_batch_size: service.limits.texts,
    auto_truncate: true,
    tokenization_workers: 1,
    version: service.version,
    sha: null,
    docker_label: null,
  });
}

function health({ service }: Call): Response {
  if (!service.isHealthy())
    throw new RequestError('unhealthy', 'a model fails to embed, or the server is shutting down');
  return new Response(null, { status: 200 });
}

function metrics({ service }: Call): Response {
  return new Response(service.metrics(), {
    headers: { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' },
  });
}

function bodyOf({ service, request }: Call): Promise<JsonObject> {
  return readJsonObject(request, service.limits.bodyBytes);
}

/** TEI serves one model; this field lets its clients choose among several. */
function modelOf(service: Service, body: JsonObject): ServedModel {
  return service.models.find(optionalString(body, 'model'));
}

function inputRules({ limits }: Service): InputRules {
  return { name: 'inputs', maxTexts: limits.texts, refuseEmpty: true };
}

function truncationOf(body: JsonObject): Truncation {
  const direction = optionalString(body, 'truncation_direction')?.toLowerCase() ?? 'right';
  const truncate = optionalBoolean(body, 'truncate');
  if (optionalString(body, 'prompt_name') !== undefined) {
    throw new RequestError('invalid-argument', 'Model2Vec models have no prompts; leave out `prompt_name`', {
      param: 'prompt_name',
    });
  }
  if (direction !== 'left' && direction !== 'right') {
    throw wrongType('truncation_direction', '"Left" or "Right"', direction);
  }
  return truncate === false ? 'refuse' : direction;
}
