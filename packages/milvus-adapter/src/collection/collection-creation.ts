import { lackedBy, requireVectorType } from '../connection/capabilities.js';
import type { MilvusConnection } from '../connection/milvus-connection.js';
import { described, invalidArgument, MilvusError } from '../milvus-error.js';
import { VECTOR_TYPES } from '../wire/vector-type.js';
import { type CollectionIdentity, newIdentity } from './collection-identity.js';
import { type IndexSpec, isFieldName } from './collection-setup.js';
import { packSchema } from './collection-spec.js';
import type { CreateOptions } from './text-collection-options.js';

const MAX_KEY_LENGTH = 512;

export function requireName(options: { readonly name: string }): void {
  const { name } = options as { name: unknown };
  if (typeof name !== 'string' || !isFieldName(name)) {
    throw invalidArgument('the name of a collection', 'letters, digits and underscores, at most 255', name);
  }
}

export interface CreationPlan {
  readonly schema: Buffer;
  readonly identity: CollectionIdentity;
  readonly indexes: readonly IndexSpec[];
}

export async function creationPlan(
  connection: MilvusConnection,
  options: CreateOptions,
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
    throw invalidArgument('option vectorType', Object.keys(VECTOR_TYPES).join(', '), vectorType);
  }
  requireVectorType(capabilities, server, vectorType);
  const { metrics } = VECTOR_TYPES[vectorType];
  const { metric = metrics[0]! } = options;
  if (!metrics.includes(metric)) {
    throw invalidArgument(`option metric for ${vectorType} vectors`, metrics.join(', '), metric);
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
  const bm25 = options.bm25 ?? 'auto';
  if (bm25 !== false && bm25 !== 'auto' && !capabilities.fullText) {
    throw new MilvusError('unsupported', `option bm25: ${lackedBy(server)}`);
  }
  const sparse = bm25 !== false && capabilities.fullText ? `${textField}_words` : undefined;
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
      analyzer: typeof bm25 === 'object' ? bm25.analyzer : undefined,
      fields,
      dynamic: options.dynamic ?? true,
    }),
  };
}

export function sparseIndex(field: string): IndexSpec {
  return { field, type: 'SPARSE_INVERTED_INDEX', metric: 'BM25', params: { bm25_k1: 1.2, bm25_b: 0.75 } };
}

/** Names that rows use themselves: a metadata field of one of them could not be given. */
const ROW_NAMES: ReadonlySet<string> = new Set(['id', 'text', 'vector']);

function requireNames(names: readonly string[]): void {
  const [key, text, vector, ...others] = names;
  for (const name of names) {
    if (typeof name !== 'string' || !isFieldName(name)) {
      throw invalidArgument('the name of a field', 'letters, digits and underscores, at most 255', name);
    }
  }
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined)
    throw new MilvusError('invalid-argument', `two fields have the name ${described(twice)}`);
  const clash = others.find((name) => ROW_NAMES.has(name));
  if (clash !== undefined) {
    throw new MilvusError(
      'invalid-argument',
      `a metadata field cannot be called ${clash}, since rows give their ${clash} under this name (fields ${key}, ${text}, ${vector})`,
    );
  }
}
