import { ref, SCHEMAS, type Schema, type SchemaName } from './schemas.js';

/** A body or response in JSON. */
function json(name: SchemaName): Schema {
  return { 'application/json': { schema: ref(name) } };
}

const RAW: Schema = {
  'application/octet-stream': {
    schema: { type: 'string', contentMediaType: 'application/octet-stream' },
  },
};

const RAW_NOTE =
  ' With `Accept: application/octet-stream` the response is little-endian float32, row after row.';

type ErrorName = 'OpenAiError' | 'TeiError' | 'PlainError';

/** Error statuses of each interface. */
const ERRORS: Readonly<Record<ErrorName, readonly number[]>> = {
  OpenAiError: [400, 413, 415, 429, 500, 503],
  TeiError: [400, 413, 415, 422, 424, 429, 500, 503],
  PlainError: [400, 413, 415, 429, 500, 503],
};

const DESCRIPTIONS: Readonly<Record<number, string>> = {
  400: 'The body is wrong.',
  401: 'The API key is missing or wrong.',
  404: 'There is no such model.',
  413: 'The body, the number of texts or a text is too large.',
  415: 'The body is compressed.',
  422: 'A field of the body is wrong.',
  424: 'The model lacks what the path needs.',
  429: 'The queue is full; `Retry-After` says when to try again.',
  500: 'The server failed.',
  503: 'The request waited too long, or the server is shutting down.',
};

interface Operation {
  readonly tag: string;
  readonly summary: string;
  readonly request?: SchemaName;
  readonly response: SchemaName;
  readonly error: ErrorName;
  /** Whether the response can also be raw float32. */
  readonly raw?: boolean;
  readonly parameters?: readonly Schema[];
}

function operation({ tag, summary, request, response, error, raw, parameters }: Operation): Schema {
  const statuses = request === undefined ? [429, 500] : ERRORS[error];
  const hasModel = request !== undefined || parameters !== undefined;
  const failures = [...statuses, 401, ...(hasModel ? [404] : [])].map(
    (status) => [status, { description: DESCRIPTIONS[status], content: json(error) }] as const,
  );
  return {
    tags: [tag],
    summary,
    ...(raw === true && { description: `${summary}.${RAW_NOTE}` }),
    ...(parameters !== undefined && { parameters }),
    ...(request !== undefined && { requestBody: { required: true, content: json(request) } }),
    responses: {
      200: { description: 'Done.', content: { ...json(response), ...(raw === true && RAW) } },
      ...Object.fromEntries(failures),
    },
  };
}

/** An operation without a body whose response is not JSON, open to everyone. */
function probe(tag: string, summary: string, ok: number, content?: Schema, error?: ErrorName): Schema {
  return {
    tags: [tag],
    summary,
    security: [],
    responses: {
      [ok]: { description: 'Healthy.', ...(content !== undefined && { content }) },
      ...(error !== undefined && { 503: { description: 'A model fails to embed.', content: json(error) } }),
    },
  };
}

const openAiEmbeddings: Schema = operation({
  tag: 'OpenAI',
  summary: 'Embed texts or token ids',
  request: 'OpenAiRequest',
  response: 'OpenAiResponse',
  error: 'OpenAiError',
  raw: true,
});

const teiOperation = (
  summary: string,
  request: SchemaName,
  response: SchemaName,
  raw = false,
): { readonly post: Schema } => ({
  post: operation({ tag: 'TEI', summary, request, response, error: 'TeiError', raw }),
});

const ollamaOperation = (summary: string, response: SchemaName, request?: SchemaName, raw = false): Schema =>
  operation({
    tag: 'Ollama',
    summary,
    response,
    error: 'PlainError',
    raw,
    ...(request !== undefined && { request }),
  });

const NAME: Schema = { name: 'name', in: 'path', required: true, schema: { type: 'string', minLength: 1 } };
const TEXT: Schema = { 'text/plain': { schema: { type: 'string' } } };
const HTML: Schema = { 'text/html': { schema: { type: 'string' } } };

const PATHS: Readonly<Record<string, Schema>> = {
  '/v1/embeddings': { post: openAiEmbeddings },
  '/embeddings': { post: openAiEmbeddings },
  '/v1/models': {
    get: operation({ tag: 'OpenAI', summary: 'List models', response: 'OpenAiModels', error: 'OpenAiError' }),
  },
  '/v1/models/{name}': {
    get: operation({
      tag: 'OpenAI',
      summary: 'Describe a model',
      response: 'OpenAiModel',
      error: 'OpenAiError',
      parameters: [NAME],
    }),
  },
  '/embed': teiOperation('Embed texts or token ids', 'TeiEmbedRequest', 'Vectors', true),
  '/embed_all': teiOperation('Embed each token', 'TeiEmbedAllRequest', 'TokenVectors'),
  '/similarity': teiOperation('Compare sentences', 'TeiSimilarityRequest', 'Similarities'),
  '/tokenize': teiOperation('Tokenize texts', 'TeiTokenizeRequest', 'Tokens'),
  '/decode': teiOperation('Decode token ids', 'TeiDecodeRequest', 'Texts'),
  '/': {
    get: probe('Server', 'Show the page to try the server, or a line of text', 200, { ...TEXT, ...HTML }),
    ...teiOperation('Embed texts, or compare sentences', 'TeiPredictRequest', 'VectorsOrSimilarities', true),
  },
  '/info': {
    get: operation({
      tag: 'TEI',
      summary: 'Describe the first model',
      response: 'TeiInfo',
      error: 'TeiError',
    }),
  },
  '/health': { get: probe('TEI', 'Embed a text as a health check', 200, undefined, 'TeiError') },
  '/ping': { get: probe('TEI', 'Embed a text as a health check', 200, undefined, 'TeiError') },
  '/metrics': { get: probe('TEI', 'Show metrics in the format of Prometheus', 200, TEXT) },
  '/api/embed': { post: ollamaOperation('Embed texts', 'OllamaEmbedResponse', 'OllamaEmbedRequest', true) },
  '/api/embeddings': {
    post: ollamaOperation('Embed one text', 'OllamaPromptResponse', 'OllamaPromptRequest', true),
  },
  '/api/show': { post: ollamaOperation('Describe a model', 'OllamaShowResponse', 'OllamaShowRequest') },
  '/api/tags': { get: ollamaOperation('List models', 'OllamaModels') },
  '/api/ps': { get: ollamaOperation('List loaded models', 'OllamaModels') },
  '/api/version': { get: ollamaOperation('Show the version of the interface', 'OllamaVersion') },
  '/vectors': {
    post: operation({
      tag: 'Weaviate',
      summary: 'Embed one text',
      request: 'WeaviateRequest',
      response: 'WeaviateResponse',
      error: 'PlainError',
      raw: true,
    }),
  },
  '/meta': {
    get: operation({
      tag: 'Weaviate',
      summary: 'Describe the model',
      response: 'WeaviateMeta',
      error: 'PlainError',
    }),
  },
  '/.well-known/live': { get: probe('Weaviate', 'Show that the server runs', 204) },
  '/.well-known/ready': {
    get: probe('Weaviate', 'Embed a text as a health check', 204, undefined, 'PlainError'),
  },
  '/openapi.json': {
    get: probe('Server', 'Show this document', 200, { 'application/json': { schema: { type: 'object' } } }),
  },
  '/docs': { get: probe('Server', 'Show the page to try the server', 200, HTML) },
};

/** The OpenAPI 3.1 document of all routes. */
export function openApiDocument(version: string, needsKey: boolean): object {
  return {
    openapi: '3.1.0',
    info: {
      title: 'model2vec-ts embeddings server',
      version,
      description:
        'Model2Vec static embeddings with the APIs of OpenAI, text-embeddings-inference, Ollama and Weaviate.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    ...(needsKey && { security: [{ key: [] }] }),
    paths: PATHS,
    components: { schemas: SCHEMAS, securitySchemes: { key: { type: 'http', scheme: 'bearer' } } },
  };
}
