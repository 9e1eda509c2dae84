import { MilvusError } from '../milvus-error.js';
import type { VectorType } from '../wire/vector-type.js';

/** The server at an address. */
export interface MilvusServer {
  readonly kind: 'lite' | 'milvus' | 'cloud';
  /** As the server reports it, such as `v2.3.5` or `milvus_lite-3.2.2`. */
  readonly version: string;
}

/** Features and limits of a server. */
export interface MilvusCapabilities {
  /** Vector types that it stores and searches. */
  readonly vectorTypes: readonly VectorType[];
  /** Runs several searches in one request and fuses their ranks. */
  readonly hybridSearch: boolean;
  /** Full-text search: the server computes BM25 from a text field. */
  readonly fullText: boolean;
  /** Pages through all results of one search. */
  readonly searchIterator: boolean;
  /** Fields may lack a value. */
  readonly nullable: boolean;
  /** Updates some fields of a row. */
  readonly partialUpdate: boolean;
  /** Stores undeclared fields. */
  readonly dynamicFields: boolean;
  /** More than one database. */
  readonly databases: boolean;
  /** Imports files from the server's own storage. Zilliz Cloud has a separate service for that. */
  readonly bulkImport: boolean;
  /** Size limit of a request in bytes. */
  readonly maxMessageBytes: number;
  /** Size limit of a varchar value in bytes. */
  readonly maxTextBytes: number;
  /**
   * Whether an insert replaces the row of the same key. Milvus keeps both rows. Milvus Lite keeps the last one, while
   * its upsert merges the new row into the old one.
   */
  readonly insertReplaces: boolean;
}

type Feature = Exclude<
  keyof MilvusCapabilities,
  'vectorTypes' | 'maxMessageBytes' | 'maxTextBytes' | 'insertReplaces'
>;

/**
 * Which version of Milvus introduced which feature, from its release notes. The rows for 2.3.5 and Milvus Lite 3.2.2
 * were tested, because 2.3.5 accepts fields of newer types when a collection is created and fails afterwards.
 */
const SINCE: readonly (readonly [Feature | VectorType, since: number, lite: boolean])[] = [
  ['float32', 2.0, true],
  ['binary', 2.0, false],
  ['float16', 2.4, false],
  ['bfloat16', 2.4, false],
  ['int8', 2.6, false],
  ['dynamicFields', 2.2, true],
  ['databases', 2.2, true],
  // 2.2 imports only JSON; Parquet came with 2.3.4.
  ['bulkImport', 2.3, false],
  ['searchIterator', 2.3, false],
  ['hybridSearch', 2.4, true],
  ['fullText', 2.5, true],
  ['nullable', 2.5, true],
  ['partialUpdate', 2.6, true],
];

const VECTOR_NAMES: readonly VectorType[] = ['float32', 'float16', 'bfloat16', 'int8', 'binary'];
const MEGABYTE = 1024 * 1024;

/** Finds out the version of a server that reports none. */
export interface CapabilityProbe {
  /** Whether the server implements a call of Milvus' service. */
  knows(method: 'HybridSearch' | 'RunAnalyzer'): Promise<boolean>;
}

/** Parses the version that a server reports. */
export function serverFromVersion(version: string, host: string): MilvusServer {
  if (/^milvus[_-]?lite/i.test(version)) return { kind: 'lite', version };
  const isCloud = /(^|\.)(zillizcloud\.com|cloud\.zilliz\.com(\.cn)?|zilliz\.com(\.cn)?)(:|$)/i.test(host);
  return { kind: isCloud || /zilliz/i.test(version) ? 'cloud' : 'milvus', version };
}

/**
 * Derives the capabilities from the version, because later versions keep all features of earlier ones. If the version
 * has no number, such as a branch name, calls that came with 2.4 and 2.6 are probed.
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

/** Throws for a vector type that the server lacks, because some servers accept such a field and lose its values. */
export function requireVectorType(
  capabilities: MilvusCapabilities,
  server: MilvusServer,
  type: VectorType,
): void {
  if (capabilities.vectorTypes.includes(type)) return;
  throw new MilvusError('unsupported', `this server (${server.version}) has no vectors of type ${type}`, {
    remedy: { code: 'pass-option', option: 'vectorType', values: capabilities.vectorTypes },
  });
}

/** Names the server that lacks a feature. */
export function lackedBy(server: MilvusServer): string {
  return `this server (${server.version}) lacks it`;
}
