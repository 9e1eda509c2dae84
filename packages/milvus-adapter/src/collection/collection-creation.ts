import { lackedBy, requireVectorType } from '../connection/capabilities.js';
import type { MilvusConnection } from '../connection/milvus-connection.js';
import { described, invalidArgument, MilvusError } from '../milvus-error.js';
import { VECTOR_TYPES } from '../wire/vector-type.js';
import { type CollectionIdentity, newIdentity } from './collection-identity.js';
import { type IndexSpec, isFieldName } from './collection-setup.js';
import { packSchema } from './collection-spec.js';
import type { CreateCollectionOptions } from './text-collection-options.js';

const MAX_KEY_LENGTH = 512;

/** Throws unless the name is one that Milvus accepts. */
export function requireName(options: { readonly name: string }): void {
  const { name } = options as { name: unknown };
  if (typeof name !== 'string' || !isFieldName(name)) {
    throw invalidArgument('the name of a collection', 'letters, digits and underscores, at most 255', name);
  }
}

/** A new collection, checked against the server. */
export interface CreationPlan {
  readonly schema: Buffer;
  readonly identity: CollectionIdentity;
  readonly indexes: readonly IndexSpec[];
}

/** Checks the options of a new collection. */
export async function creationPlan(
  connection: MilvusConnection,
  options: CreateCollectionOptions,
): Promise<CreationPlan> {
  requireName(options);
  const { server, capabilities } = connection;
  const {
    embedder,
    vectorType = 'float32',
    textField = 'text',
    vectorField = 'vector',
    fields = [],
  } = options;
  if (!(vectorType in VECTOR_TYPES)) {
    throw new MilvusError('invalid-argument', `there are no vectors of type ${described(vectorType)}`, {
      remedy: { code: 'pass-option', option: 'vectorType', values: capabilities.vectorTypes },
    });
  }
  requireVectorType(capabilities, server, vectorType);
  const { metrics } = VECTOR_TYPES[vectorType];
  const { metric = metrics[0]! } = options;
  if (!metrics.includes(metric)) {
    throw new MilvusError('invalid-argument', `${vectorType} vectors have no metric ${described(metric)}`, {
      remedy: { code: 'pass-option', option: 'metric', values: metrics },
    });
  }
  const { maxTextBytes } = capabilities;
  const { maxTextLength = maxTextBytes } = options;
  if (!(Number.isSafeInteger(maxTextLength) && maxTextLength > 0 && maxTextLength <= maxTextBytes)) {
    throw invalidArgument('option maxTextLength', `a whole number from 1 to ${maxTextBytes}`, maxTextLength);
  }
  const key =
    options.key === undefined || options.key === 'derived'
      ? { field: 'id', type: 'varchar' as const }
      : options.key;
  const fullText = options.fullText ?? 'auto';
  if (fullText !== false && fullText !== 'auto' && !capabilities.fullText) {
    throw new MilvusError('unsupported', `full-text search: ${lackedBy(server)}`, {
      remedy: { code: 'omit-option', option: 'fullText' },
    });
  }
  const sparse = fullText !== false && capabilities.fullText ? `${textField}_words` : undefined;
  if (fields.some((field) => field.nullable) && !capabilities.nullable) {
    throw new MilvusError('unsupported', `nullable fields: ${lackedBy(server)}`);
  }
  requireNames([
    key.field,
    textField,
    vectorField,
    ...(sparse ? [sparse] : []),
    ...fields.map((field) => field.name),
  ]);
  const identity = await newIdentity(embedder, { vectorType, metric, textField, vectorField });
  return {
    identity,
    indexes: [
      {
        field: vectorField,
        metric,
        ...(options.index ?? { type: vectorType === 'binary' ? 'BIN_FLAT' : 'AUTOINDEX' }),
      },
      ...(sparse ? [sparseIndex(sparse)] : []),
    ],
    schema: packSchema({
      name: options.name,
      description: options.description ?? '',
      key: {
        name: key.field,
        type: key.type,
        maxLength: ('maxLength' in key ? key.maxLength : undefined) ?? MAX_KEY_LENGTH,
      },
      text: { name: textField, maxLength: maxTextLength },
      vector: { name: vectorField, type: vectorType, dim: embedder.dim },
      sparse,
      analyzer: typeof fullText === 'object' ? fullText.analyzer : undefined,
      fields,
      dynamic: options.dynamic ?? true,
    }),
  };
}

/** The index for full-text search. */
export function sparseIndex(field: string): IndexSpec {
  return { field, type: 'SPARSE_INVERTED_INDEX', metric: 'BM25', params: { bm25_k1: 1.2, bm25_b: 0.75 } };
}

/** Properties of a row that are no fields: a declared field of such a name could not get a value. */
const ROW_NAMES: ReadonlySet<string> = new Set(['id', 'text', 'vector']);

/** Columns of Milvus and Milvus Lite, and words that Milvus Lite's filters cannot use for a field; in lower case. */
const RESERVED_NAMES: ReadonlySet<string> = new Set([
  'rowid',
  'timestamp',
  '_seq',
  '_partition',
  '$meta',
  'iso',
  'interval',
]);

function requireNames(names: readonly string[]): void {
  const [key, text, vector, ...others] = names;
  for (const name of names) {
    if (typeof name !== 'string' || !isFieldName(name)) {
      throw invalidArgument('the name of a field', 'letters, digits and underscores, at most 255', name);
    }
    if (RESERVED_NAMES.has(name.toLowerCase())) {
      throw new MilvusError(
        'invalid-argument',
        `a field cannot be called ${name}, which is reserved by Milvus`,
      );
    }
  }
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined)
    throw new MilvusError('invalid-argument', `two fields are called ${described(twice)}`);
  const clash = others.find((name) => ROW_NAMES.has(name));
  if (clash !== undefined) {
    throw new MilvusError(
      'invalid-argument',
      `a declared field cannot be called ${clash}, because rows give their ${clash} by this name (fields ${key}, ${text}, ${vector})`,
    );
  }
}
