import type { ServedModel } from '../models/served-model.js';
import { optionalBoolean, optionalCount, optionalString, wrongType } from '../requests/body-fields.js';
import { parseTexts } from '../requests/embedding-input.js';
import { type JsonObject, readJsonObject } from '../requests/request-body.js';
import { RequestError, type RequestErrorCode } from '../requests/request-error.js';
import { errorResponse, jsonResponse } from '../responses/json-response.js';
import { bytesResponse, rawResponse, wantsRaw } from '../responses/raw-response.js';
import { asciiJson, JsonRows } from '../vectors/json-rows.js';
import type { Call, Dialect, Service } from './dialect.js';

/** The version of Ollama whose interface this is; clients compare it with the version that they need. */
const OLLAMA_VERSION = '0.13.0';

const STATUSES: Partial<Record<RequestErrorCode, number>> = { 'input-too-long': 400, 'batch-too-large': 400 };

/** The embedding part of Ollama's interface. */
export const ollama: Dialect = {
  name: 'ollama',
  routes: [
    { method: 'POST', path: '/api/embed', handle: embed },
    { method: 'POST', path: '/api/embeddings', handle: embedPrompt },
    { method: 'GET', path: '/api/tags', handle: listModels },
    { method: 'GET', path: '/api/ps', handle: listModels },
    { method: 'GET', path: '/api/version', handle: () => jsonResponse({ version: OLLAMA_VERSION }) },
    { method: 'POST', path: '/api/show', handle: showModel },
  ],
  failure: (error) => errorResponse(error, { error: error.message }, STATUSES),
};

async function embed({ service, request, report }: Call): Promise<Response> {
  const started = performance.now();
  const body = await readJsonObject(request, service.limits.bodyBytes);
  const model = modelOf(service, body, 'model');
  const truncation = optionalBoolean(body, 'truncate') === false ? 'refuse' : 'right';
  const dimensions = optionalCount(body, 'dimensions');
  const { input } = body;
  // Clients send an empty input to load a model.
  if (input === '' || (Array.isArray(input) && input.length === 0)) {
    return jsonResponse({
      model: model.name,
      embeddings: [],
      total_duration: 0,
      load_duration: 0,
      prompt_eval_count: 0,
    });
  }
  const texts = parseTexts(input, { name: 'input', maxTexts: service.limits.texts, refuseEmpty: false });
  const options = { truncation, dimensions, request } as const;
  const { matrix, tokens } = await model.embed({ kind: 'texts', texts }, options);
  report(model, matrix.rows, tokens);
  if (wantsRaw(request)) return rawResponse(matrix, tokens);
  const json = new JsonRows(matrix.data.length).text(`{"model":${asciiJson(model.name)},"embeddings":[`);
  for (let i = 0; i < matrix.rows; i++) json.text(i === 0 ? '' : ',').row(matrix.row(i));
  const nanoseconds = Math.round((performance.now() - started) * 1e6);
  const tail = `],"total_duration":${nanoseconds},"load_duration":0,"prompt_eval_count":${tokens}}`;
  return bytesResponse(json.text(tail).finish());
}

async function embedPrompt({ service, request, report }: Call): Promise<Response> {
  const body = await readJsonObject(request, service.limits.bodyBytes);
  const model = modelOf(service, body, 'model');
  const prompt = optionalString(body, 'prompt') ?? '';
  if (prompt === '') return jsonResponse({ embedding: [] });
  const { matrix, tokens } = await model.embed({ kind: 'texts', texts: [prompt] }, { request });
  report(model, 1, tokens);
  if (wantsRaw(request)) return rawResponse(matrix, tokens);
  return bytesResponse(new JsonRows(matrix.dim).text('{"embedding":').row(matrix.row(0)).text('}').finish());
}

function modelOf(service: Service, body: JsonObject, field: string): ServedModel {
  const name = optionalString(body, field);
  if (name === undefined || name === '') throw wrongType(field, 'the name of a model', body[field]);
  try {
    return service.models.find(name);
  } catch (error) {
    // Clients look for these words before they offer to pull a model.
    const unknown = error instanceof RequestError && error.code === 'unknown-model';
    throw unknown ? new RequestError('unknown-model', `model not found: ${error.message}`) : error;
  }
}

function listModels({ service }: Call): Response {
  const models = service.models.models.flatMap((model) =>
    [model.name, ...model.aliases].map((name) => ({
      name,
      model: name,
      modified_at: model.created.toISOString(),
      size: parametersOf(model),
      digest: model.embedder.fingerprint.slice(0, 64),
      details: detailsOf(model),
    })),
  );
  return jsonResponse({ models });
}

async function showModel({ service, request }: Call): Promise<Response> {
  const body = await readJsonObject(request, service.limits.bodyBytes);
  const model = modelOf(service, body, body.model === undefined ? 'name' : 'model');
  return jsonResponse({
    modelfile: '',
    parameters: '',
    template: '',
    details: detailsOf(model),
    model_info: {
      'general.architecture': 'model2vec',
      'general.basename': model.name,
      'general.parameter_count': parametersOf(model),
      'model2vec.embedding_length': model.embedder.dim,
      'model2vec.context_length': model.embedder.maxLength ?? service.limits.tokens,
    },
    capabilities: ['embedding'],
    modified_at: model.created.toISOString(),
  });
}

function detailsOf(model: ServedModel): object {
  return {
    parent_model: '',
    format: 'safetensors',
    family: 'model2vec',
    families: ['model2vec'],
    parameter_size: `${(parametersOf(model) / 1e6).toFixed(1)}M`,
    quantization_level: model.embedder.model.dtype,
  };
}

function parametersOf({ embedder }: ServedModel): number {
  return embedder.model.rows * embedder.dim;
}
