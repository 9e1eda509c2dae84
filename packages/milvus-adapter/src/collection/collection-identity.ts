import type { EmbeddingFunction } from '@model2vec-ts/search';
import { MilvusError, messageOf } from '../milvus-error.js';
import type { Metric, VectorType } from '../wire/vector-type.js';
import type { KeyValuePair } from './collection-schema.js';

/** The property of a collection that holds its identity; the servers store it unchanged. */
export const IDENTITY_PROPERTY = 'model2vec-ts.identity';

/** Version of the stored format. */
const FORM = 1;

/** Short texts in several languages and scripts, whose vectors identify a model. */
const CANARY_TEXTS: readonly string[] = [
  'The quick brown fox jumps over the lazy dog.',
  'search engine for scientific papers, 1998',
  'Zwölf Boxkämpfer jagen Viktor quer über den großen Sylter Deich; 東京は日本の首都です。',
];

/** Largest difference between values of one model's unit vectors on different machines or kernels. */
const TOLERANCE = 1e-4;

/** How a collection was created. */
export interface CollectionIdentity {
  readonly fingerprint: string;
  readonly dim: number;
  readonly canaries: readonly { readonly text: string; readonly vector: Float32Array }[];
  readonly vectorType: VectorType;
  readonly metric: Metric;
  readonly textField: string;
  readonly vectorField: string;
}

/** The identity of a new collection. */
export async function newIdentity(
  embedder: EmbeddingFunction,
  facts: Pick<CollectionIdentity, 'vectorType' | 'metric' | 'textField' | 'vectorField'>,
): Promise<CollectionIdentity> {
  const vectors = await embedCanaries(embedder, CANARY_TEXTS);
  return {
    fingerprint: embedder.fingerprint,
    dim: embedder.dim,
    canaries: CANARY_TEXTS.map((text, i) => ({ text, vector: vectors[i]! })),
    ...facts,
  };
}

async function embedCanaries(embedder: EmbeddingFunction, texts: readonly string[]): Promise<Float32Array[]> {
  let vectors: Float32Array[];
  try {
    vectors = await embedder.encodeDocuments(texts);
  } catch (error) {
    throw new MilvusError('embedder', `embedding ${texts.length} short texts failed: ${messageOf(error)}`, {
      cause: error,
    });
  }
  if (vectors.length !== texts.length || vectors.some((vector) => vector.length !== embedder.dim)) {
    throw new MilvusError(
      'embedder',
      `the embedder's dim is ${embedder.dim}; ${texts.length} texts gave vectors of ` +
        `${vectors.map((vector) => vector.length).join(', ')}`,
    );
  }
  return vectors;
}

/** An identity as the value of {@link IDENTITY_PROPERTY}. */
export function identityText(identity: CollectionIdentity): string {
  return JSON.stringify({
    form: FORM,
    fingerprint: identity.fingerprint,
    dim: identity.dim,
    vectorType: identity.vectorType,
    metric: identity.metric,
    textField: identity.textField,
    vectorField: identity.vectorField,
    canaries: identity.canaries.map(({ text, vector }) => ({ text, vector: toBase64(vector) })),
  });
}

/** The stored identity, unparsed. */
export function identityValueOf(properties: readonly KeyValuePair[]): string | undefined {
  return properties.find(({ key }) => key === IDENTITY_PROPERTY)?.value;
}

/** The identity among a collection's properties; `undefined` if another program made the collection. */
export function identityOf(
  properties: readonly KeyValuePair[],
  collection: string,
): CollectionIdentity | undefined {
  const text = identityValueOf(properties);
  if (text === undefined) return undefined;
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch (error) {
    throw damaged(collection, error);
  }
  const identity = found as Partial<Record<string, unknown>>;
  if (identity.form !== FORM) {
    throw new MilvusError(
      'mismatch',
      `collection ${collection} was made by another version of this package (form ${String(identity.form)}, this one reads ${FORM})`,
    );
  }
  const { fingerprint, dim, vectorType, metric, textField, vectorField, canaries } = identity;
  if (
    typeof fingerprint !== 'string' ||
    typeof dim !== 'number' ||
    typeof vectorType !== 'string' ||
    typeof metric !== 'string' ||
    typeof textField !== 'string' ||
    typeof vectorField !== 'string' ||
    !Array.isArray(canaries)
  ) {
    throw damaged(collection, undefined);
  }
  return {
    fingerprint,
    dim,
    vectorType: vectorType as VectorType,
    metric: metric as Metric,
    textField,
    vectorField,
    canaries: (canaries as { text: string; vector: string }[]).map(({ text, vector }) => ({
      text,
      vector: fromBase64(vector),
    })),
  };
}

function damaged(collection: string, cause: unknown): MilvusError {
  return new MilvusError('mismatch', `property ${IDENTITY_PROPERTY} of collection ${collection} is damaged`, {
    cause,
  });
}

/**
 * Refuses an embedder of another model than the collection's. Equal dimensions do not suffice: vectors of two models are
 * unrelated, and a search among them silently returns nonsense.
 *
 * @throws {@link MilvusError} of code `mismatch`
 */
export async function requireSameModel(
  identity: CollectionIdentity,
  embedder: EmbeddingFunction,
  collection: string,
): Promise<void> {
  const refuse = (what: string): MilvusError =>
    new MilvusError('mismatch', `collection ${collection} holds vectors of another model: ${what}`, {
      remedy: { code: 'use-same-model', collection },
    });
  if (embedder.dim !== identity.dim) {
    throw refuse(`they have ${identity.dim} values, the embedder's have ${embedder.dim}`);
  }
  if (embedder.fingerprint !== identity.fingerprint) {
    throw refuse(
      `its fingerprint is ${short(identity.fingerprint)}, the embedder's is ${short(embedder.fingerprint)}`,
    );
  }
  const vectors = await embedCanaries(
    embedder,
    identity.canaries.map(({ text }) => text),
  );
  for (const [i, { text, vector }] of identity.canaries.entries()) {
    const difference = largestDifference(vector, vectors[i]!);
    if (difference <= TOLERANCE * Math.max(1, norm(vector))) continue;
    throw refuse(
      `the fingerprint agrees, but ${JSON.stringify(text.slice(0, 30))} embeds differently by ${difference.toPrecision(3)}`,
    );
  }
}

function short(fingerprint: string): string {
  return fingerprint.length > 24 ? `${fingerprint.slice(0, 24)}…` : fingerprint;
}

function largestDifference(a: Float32Array, b: Float32Array): number {
  let largest = 0;
  for (let i = 0; i < a.length; i++) {
    const difference = Math.abs(a[i]! - b[i]!);
    // Unlike Math.max, this catches NaN, which is never larger.
    if (!(difference <= largest)) largest = difference;
  }
  return largest;
}

function norm(vector: Float32Array): number {
  return Math.hypot(...vector);
}

function toBase64(vector: Float32Array): string {
  const bytes = Buffer.alloc(vector.length * 4);
  vector.forEach((value, i) => {
    bytes.writeFloatLE(value, i * 4);
  });
  return bytes.toString('base64');
}

function fromBase64(text: string): Float32Array {
  const bytes = Buffer.from(text, 'base64');
  return Float32Array.from({ length: bytes.length >> 2 }, (_, i) => bytes.readFloatLE(i * 4));
}
