import { MilvusError } from '../milvus-error.js';
import type { VectorType } from '../wire/vector-type.js';

/** What answers at an address. */
export interface MilvusServer {
  readonly kind: 'lite' | 'milvus' | 'cloud';
  /** As the server gives it, such as `v2.3.5` or `milvus_lite-3.2.2`. */
  readonly version: string;
}

/** What a server can do. */
export interface MilvusCapabilities {
  /** Types of vectors that it stores and searches. */
  readonly vectorTypes: readonly VectorType[];
  /** Several searches in one request, whose ranks are fused. */
  readonly hybridSearch: boolean;
  /** Full-text search: BM25 computed by the server from a text field. */
  readonly fullText: boolean;
  /** Paging through one search without end. */
  readonly searchIterator: boolean;
  /** Fields without a value. */
  readonly nullable: boolean;
  /** Updating some fields of a row. */
  readonly partialUpdate: boolean;
  /** Values of undeclared fields. */
  readonly dynamicFields: boolean;
  /** More than one database. */
  readonly databases: boolean;
  /** Importing files that lie in the server's own storage. Zilliz Cloud has a service of its own for that. */
  readonly bulkImport: boolean;
  /** Largest request in bytes. */
  readonly maxMessageBytes: number;
  /** Most bytes of a varchar field. */
  readonly maxTextBytes: number;
  /**
   * An insert replaces the row of the same key. Milvus keeps both rows then; Milvus Lite keeps the last, while its
   * upsert merges the new row into the old one.
   */
  readonly insertReplaces: boolean;
}

type Feature = Exclude<
  keyof MilvusCapabilities,
  'vectorTypes' | 'maxMessageBytes' | 'maxTextBytes' | 'insertReplaces'
>;

/**
 * The one table of what came with which version of Milvus, from its release notes and, for 2.3.5 and Milvus Lite
 * 3.2.2, from trying: 2.3.5 accepts fields of newer types when a collection is created and fails afterwards.
 */
const SINCE: readonly (readonly [Feature | VectorType, since: number, lite: boolean])[] = [
  ['float32', 2.0, true],
  ['binary', 2.0, false],
  ['float16', 2.4, false],
  ['bfloat16', 2.4, false],
  ['int8', 2.6, false],
  ['dynamicFields', 2.2, true],
  ['databases', 2.2, true],
  // 2.2 imports JSON alone; Parquet came with 2.3.4.
  ['bulkImport', 2.3, false],
  ['searchIterator', 2.3, false],
  ['hybridSearch', 2.4, true],
  ['fullText', 2.5, true],
  ['nullable', 2.5, true],
  ['partialUpdate', 2.6, true],
];

const VECTOR_NAMES: readonly VectorType[] = ['float32', 'float16', 'bfloat16', 'int8', 'binary'];
const MEGABYTE = 1024 * 1024;

/** What a server tells of itself when asked for things that came with some version. */
export interface CapabilityProbe {
  /** Whether it knows a call of Milvus' service. */
  knows(method: 'HybridSearch' | 'RunAnalyzer'): Promise<boolean>;
}

/** Reads the version that a server gives. */
export function serverFromVersion(version: string, host: string): MilvusServer {
  if (/^milvus[_-]?lite/i.test(version)) return { kind: 'lite', version };
  const isCloud = /(^|\.)(zillizcloud\.com|cloud\.zilliz\.com(\.cn)?|zilliz\.com(\.cn)?)(:|$)/i.test(host);
  return { kind: isCloud || /zilliz/i.test(version) ? 'cloud' : 'milvus', version };
}

/**
 * What a server can do, by its version: later ones keep what earlier ones had. A version without a number, such as a
 * branch's name, is found out by asking for calls that came with 2.4 and 2.6.
 */
export async function capabilitiesOf(
  server: MilvusServer,
  probe: CapabilityProbe,
): Promise<MilvusCapabilities> {
  const lite = server.kind === 'lite';
  const version = lite ? 0 : await versionNumber(server, probe);
  const has = (name: Feature | VectorType): boolean => {
    const row = SINCE.find(([feature]) => feature === name)!;
    return lite ? row[2] : version >= row[1];
  };
  return {
    vectorTypes: VECTOR_NAMES.filter(has),
    hybridSearch: has('hybridSearch'),
    fullText: has('fullText'),
    searchIterator: has('searchIterator'),
    nullable: has('nullable'),
    partialUpdate: has('partialUpdate'),
    dynamicFields: has('dynamicFields'),
    databases: has('databases'),
    bulkImport: has('bulkImport') && server.kind === 'milvus',
    // proxy.grpc.serverMaxRecvSize of Milvus' configuration, and _MAX_MESSAGE_SIZE of Milvus Lite's server.
    maxMessageBytes: (lite ? 256 : 64) * MEGABYTE,
    maxTextBytes: 65_535,
    insertReplaces: lite,
  };
}

/** 2.3 for `v2.3.5-lite`; 2.10 counts as 2.99, since the table compares only with versions up to 2.9. */
async function versionNumber(server: MilvusServer, probe: CapabilityProbe): Promise<number> {
  const found = /(\d+)\.(\d+)/.exec(server.version);
  if (found !== null) return Number(found[1]) + Math.min(Number(found[2]), 9) / 10;
  if (await probe.knows('RunAnalyzer')) return 2.6;
  return (await probe.knows('HybridSearch')) ? 2.4 : 2.3;
}

/** Refuses a type of vector that the server lacks, which it might take and lose. */
export function requireVectorType(
  capabilities: MilvusCapabilities,
  server: MilvusServer,
  type: VectorType,
): void {
  if (capabilities.vectorTypes.includes(type)) return;
  throw new MilvusError(
    'unsupported',
    `vectors of type ${type} are not for this server (${server.version}); it has ${capabilities.vectorTypes.join(', ')}`,
  );
}

/** Says of a server that it lacks something. */
export function lackedBy(server: MilvusServer): string {
  return `this server (${server.version}) does not have it`;
}
