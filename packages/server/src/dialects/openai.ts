import type { EmbeddingMatrix } from '@model2vec-ts/embedding-function';
import type { ServedModel } from '../models/served-model.js';
import { optionalCount, optionalString, wrongType } from '../requests/body-fields.js';
import { parseInput } from '../requests/embedding-input.js';
import { type JsonObject, readJsonObject } from '../requests/request-body.js';
import type { RequestErrorCode } from '../requests/request-error.js';
import { errorResponse, jsonResponse } from '../responses/json-response.js';
import { bytesResponse, rawResponse, wantsRaw } from '../responses/raw-response.js';
import { base64Of } from '../vectors/base64.js';
import { asciiJson, JsonRows } from '../vectors/json-rows.js';
import type { Call, Dialect } from './dialect.js';

/** Statuses in which OpenAI differs from TEI. */
const STATUSES: Partial<Record<RequestErrorCode, number>> = { 'input-too-long': 400, 'batch-too-large': 400 };

/** OpenAI's error codes that programs check. */
const CODES: Partial<Record<RequestErrorCode, string>> = {
  unauthorized: 'invalid_api_key',
  'unknown-model': 'model_not_found',
  'input-too-long': 'context_length_exceeded',
  overloaded: 'rate_limit_exceeded',
};

const SERVER_FAULTS: ReadonlySet<RequestErrorCode> = new Set([
  'internal',
  'timed-out',
  'shutting-down',
  'unhealthy',
]);

/** Most bytes of a row beside its values. */
const ROW_BYTES = 96;

/** OpenAI's embeddings interface, also under TEI's path for it. */
export const openAi: Dialect = {
  name: 'openai',
  routes: [
    { method: 'POST', path: '/v1/embeddings', handle: embeddings },
    { method: 'POST', path: '/embeddings', handle: embeddings },
    { method: 'GET', path: '/v1/models', handle: listModels },
    { method: 'GET', path: '/v1/models/:model', handle: showModel },
  ],
  failure(error) {
    const { message } = error;
    const type = SERVER_FAULTS.has(error.code) ? 'server_error' : 'invalid_request_error';
    const details = { message, type, param: error.fields.param ?? null, code: CODES[error.code] ?? null };
    // OpenAI's clients read the nested message, TEI's the outer one.
    return errorResponse(error, { error: details, message, type }, STATUSES);
  },
};

async function embeddings({ service, request, report }: Call): Promise<Response> {
  const body = await readJsonObject(request, service.limits.bodyBytes);
  const model = service.models.find(optionalString(body, 'model'));
  const maxTexts = service.limits.texts;
  const input = parseInput(body.input, { name: 'input', maxTexts, refuseEmpty: true });
  const format = encodingFormat(body);
  const dimensions = optionalCount(body, 'dimensions');
  const { matrix, tokens } = await model.embed(input, { dimensions, request });
  report(model, matrix.rows, tokens);
  if (wantsRaw(request)) return rawResponse(matrix, tokens);
  const tail = `],"model":${asciiJson(model.name)},"usage":{"prompt_tokens":${tokens},"total_tokens":${tokens}}}`;
  return format === 'base64' ? base64Response(matrix, tail) : floatResponse(matrix, tail);
}

function encodingFormat(body: JsonObject): 'float' | 'base64' {
  const format = optionalString(body, 'encoding_format') ?? 'float';
  if (format !== 'float' && format !== 'base64')
    throw wrongType('encoding_format', '"float" or "base64"', format);
  return format;
}

function base64Response(matrix: EmbeddingMatrix, tail: string): Response {
  const head = '{"object":"list","data":[';
  if (matrix.rows === 1) {
    const json = `${head}${rowHead(0)}"${base64Of(matrix.data)}"}${tail}`;
    return new Response(json, { headers: { 'content-type': 'application/json' } });
  }
  // Bytes, because the runtime would encode a string of megabytes again.
  const json = new JsonRows(0, matrix.rows * (matrix.dim * 6 + ROW_BYTES) + tail.length).text(head);
  for (let i = 0; i < matrix.rows; i++) json.text(rowHead(i)).text(`"${base64Of(matrix.row(i))}"}`);
  return bytesResponse(json.text(tail).finish());
}

function floatResponse(matrix: EmbeddingMatrix, tail: string): Response {
  const json = new JsonRows(matrix.data.length).text('{"object":"list","data":[');
  for (let i = 0; i < matrix.rows; i++) json.text(rowHead(i)).row(matrix.row(i)).text('}');
  return bytesResponse(json.text(tail).finish());
}

function rowHead(index: number): string {
  return `${index === 0 ? '' : ','}{"object":"embedding","index":${index},"embedding":`;
}

function listModels({ service }: Call): Response {
  const data = service.models.models.flatMap((model) =>
    [model.name, ...model.aliases].map((name) => modelObject(name, model)),
  );
  return jsonResponse({ object: 'list', data });
}

function showModel({ service, param }: Call): Response {
  return jsonResponse(modelObject(param, service.models.find(param)));
}

function modelObject(id: string, { created }: ServedModel): object {
  return { id, object: 'model', created: Math.floor(created.getTime() / 1000), owned_by: 'model2vec-ts' };
}
