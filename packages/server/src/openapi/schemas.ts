/** A JSON schema, as OpenAPI 3.1 has them. */
export type Schema = Readonly<Record<string, unknown>>;

/** Name of one of {@link SCHEMAS}. */
export type SchemaName =
  | 'OpenAiRequest'
  | 'OpenAiResponse'
  | 'OpenAiModel'
  | 'OpenAiModels'
  | 'OpenAiError'
  | 'TeiEmbedRequest'
  | 'TeiEmbedAllRequest'
  | 'TeiSimilarityRequest'
  | 'TeiPredictRequest'
  | 'TeiTokenizeRequest'
  | 'TeiDecodeRequest'
  | 'Texts'
  | 'Vectors'
  | 'TokenVectors'
  | 'Similarities'
  | 'VectorsOrSimilarities'
  | 'Tokens'
  | 'TeiInfo'
  | 'TeiError'
  | 'OllamaEmbedRequest'
  | 'OllamaEmbedResponse'
  | 'OllamaPromptRequest'
  | 'OllamaPromptResponse'
  | 'OllamaModels'
  | 'OllamaVersion'
  | 'OllamaShowRequest'
  | 'OllamaShowResponse'
  | 'PlainError'
  | 'WeaviateRequest'
  | 'WeaviateResponse'
  | 'WeaviateMeta';

/** Refers to one of {@link SCHEMAS}. */
export function ref(name: SchemaName): Schema {
  return { $ref: `#/components/schemas/${name}` };
}

/** A schema whose value may also be `null`, because clients send that for unset options. */
function orNull(schema: Schema & { readonly type: string }): Schema {
  return { ...schema, type: [schema.type, 'null'] };
}

function object(properties: Readonly<Record<string, Schema>>, required: readonly string[] = []): Schema {
  return { type: 'object', properties, required };
}

const string: Schema & { type: string } = { type: 'string' };
const boolean: Schema & { type: string } = { type: 'boolean' };
const count: Schema & { type: string } = { type: 'integer', minimum: 1 };
const number: Schema = { type: 'number' };
const text: Schema = { type: 'string', minLength: 1 };
const tokenIds: Schema = {
  type: 'array',
  minItems: 1,
  items: { type: 'integer', minimum: 0, maximum: 0xffffffff },
};
const vector: Schema = { type: 'array', items: number };
const texts: Schema = { oneOf: [text, { type: 'array', minItems: 1, items: text }] };
const anyInput: Schema = {
  description: 'A text, a list of texts, the token ids of a text, or a list of such lists.',
  oneOf: [
    text,
    { type: 'array', minItems: 1, items: text },
    tokenIds,
    { type: 'array', minItems: 1, items: tokenIds },
  ],
};
const truncation = {
  truncate: {
    ...orNull(boolean),
    description: 'false refuses texts that are too long instead of cutting them.',
  },
  truncation_direction: { enum: ['Left', 'Right', 'left', 'right'] },
};
const model = {
  ...orNull(string),
  description: 'Name or alias of a model. Without it the first model is used.',
};
const dimensions = {
  ...orNull(count),
  description: 'First dimensions to keep, scaled to unit length again.',
};

/** Schemas of bodies and responses. */
export const SCHEMAS: Readonly<Record<SchemaName, Schema>> = {
  OpenAiRequest: object(
    {
      input: anyInput,
      model,
      dimensions,
      encoding_format: { enum: ['float', 'base64', null] },
      user: orNull(string),
    },
    ['input'],
  ),
  OpenAiResponse: object(
    {
      object: { const: 'list' },
      data: {
        type: 'array',
        items: object({
          object: { const: 'embedding' },
          index: { type: 'integer' },
          embedding: { oneOf: [vector, { type: 'string', contentEncoding: 'base64' }] },
        }),
      },
      model: string,
      usage: object({ prompt_tokens: { type: 'integer' }, total_tokens: { type: 'integer' } }),
    },
    ['object', 'data', 'model', 'usage'],
  ),
  OpenAiModel: object(
    { id: string, object: { const: 'model' }, created: { type: 'integer' }, owned_by: string },
    ['id', 'object', 'created', 'owned_by'],
  ),
  OpenAiModels: object(
    {
      object: { const: 'list' },
      data: { type: 'array', items: { $ref: '#/components/schemas/OpenAiModel' } },
    },
    ['object', 'data'],
  ),
  OpenAiError: object(
    {
      error: object({
        message: string,
        type: string,
        param: { type: ['string', 'null'] },
        code: { type: ['string', 'null'] },
      }),
      message: string,
      type: string,
    },
    ['error', 'message', 'type'],
  ),
  TeiEmbedRequest: object(
    { inputs: anyInput, model, normalize: orNull(boolean), dimensions, ...truncation },
    ['inputs'],
  ),
  TeiEmbedAllRequest: object({ inputs: anyInput, model, ...truncation }, ['inputs']),
  TeiSimilarityRequest: object(
    {
      inputs: object({ source_sentence: string, sentences: { type: 'array', minItems: 1, items: text } }, [
        'source_sentence',
        'sentences',
      ]),
      parameters: object(truncation),
      model,
    },
    ['inputs'],
  ),
  TeiPredictRequest: {
    oneOf: [
      { $ref: '#/components/schemas/TeiEmbedRequest' },
      { $ref: '#/components/schemas/TeiSimilarityRequest' },
    ],
  },
  TeiTokenizeRequest: object({ inputs: texts, model, add_special_tokens: orNull(boolean) }, ['inputs']),
  TeiDecodeRequest: object(
    {
      ids: { oneOf: [tokenIds, { type: 'array', minItems: 1, items: tokenIds }] },
      model,
      skip_special_tokens: { ...orNull(boolean), description: 'Default: true.' },
    },
    ['ids'],
  ),
  Texts: { type: 'array', items: string },
  Vectors: { type: 'array', items: vector },
  TokenVectors: { type: 'array', items: { type: 'array', items: vector } },
  Similarities: vector,
  VectorsOrSimilarities: { type: 'array', items: { oneOf: [number, vector] } },
  Tokens: {
    type: 'array',
    items: {
      type: 'array',
      items: object({
        id: { type: 'integer' },
        text: string,
        special: boolean,
        start: { type: ['integer', 'null'] },
        stop: { type: ['integer', 'null'] },
      }),
    },
  },
  TeiInfo: object(
    {
      model_id: string,
      model_type: object({ embedding: object({ pooling: string }) }),
      max_input_length: { type: 'integer' },
      max_client_batch_size: { type: 'integer' },
      version: string,
    },
    ['model_id', 'model_type', 'max_input_length', 'max_client_batch_size', 'version'],
  ),
  TeiError: object({ error: string, error_type: string }, ['error', 'error_type']),
  OllamaEmbedRequest: object(
    {
      model: text,
      input: { oneOf: [string, { type: 'array', items: string }] },
      truncate: orNull(boolean),
      dimensions,
      keep_alive: {},
      options: {},
    },
    ['model', 'input'],
  ),
  OllamaEmbedResponse: object(
    { model: string, embeddings: { type: 'array', items: vector }, prompt_eval_count: { type: 'integer' } },
    ['model', 'embeddings'],
  ),
  OllamaPromptRequest: object({ model: text, prompt: string }, ['model', 'prompt']),
  OllamaPromptResponse: object({ embedding: vector }, ['embedding']),
  OllamaModels: object(
    { models: { type: 'array', items: object({ name: string, model: string }, ['name']) } },
    ['models'],
  ),
  OllamaVersion: object({ version: string }, ['version']),
  OllamaShowRequest: object({ model: text }, ['model']),
  OllamaShowResponse: object(
    { details: object({}), model_info: object({}), capabilities: { type: 'array', items: string } },
    ['details', 'model_info', 'capabilities'],
  ),
  PlainError: object({ error: string }, ['error']),
  WeaviateRequest: object(
    {
      text: string,
      config: {
        ...object({ model, dimensions: { type: ['integer', 'null'], minimum: 0 } }),
        type: ['object', 'null'],
      },
    },
    ['text'],
  ),
  WeaviateResponse: object({ text: string, vector, dim: { type: 'integer' }, dims: { type: 'integer' } }, [
    'text',
    'vector',
    'dim',
    'dims',
  ]),
  WeaviateMeta: object({ model_type: string, model_name: string, dim: { type: 'integer' } }, ['model_type']),
};
