import { status as Grpc } from '@grpc/grpc-js';
import { MilvusError, type MilvusErrorCode, messageOf } from '../milvus-error.js';
import type { MilvusRemedy } from '../remedy.js';

/**
 * `common.Status` of common.proto as the SDK decodes it: `error_code` (1) is the old enumeration, by name where the
 * SDK knows the number, `code` (3) the new one.
 */
export interface ServerStatus {
  readonly error_code?: string | number;
  readonly code?: string | number;
  readonly reason?: string;
  readonly retriable?: boolean;
}

type Meaning = readonly [code: MilvusErrorCode, retriable: boolean];

/**
 * Numbers of `Status.code` in Milvus ≥ 2.3, from the table of its error package (pkg/util/merr). Milvus Lite uses the
 * same numbers for unknown names, and numbers below 100 with other meanings.
 */
const MEANINGS: ReadonlyMap<number, Meaning> = new Map<number, Meaning>([
  [1, ['unreachable', true]], // service not ready
  [2, ['unreachable', true]], // service unavailable
  [3, ['limit', false]], // memory limit exceeded
  [4, ['limit', true]], // request limit exceeded
  [8, ['limit', true]], // rate limit exceeded
  [9, ['limit', false]], // quota exceeded, writes denied
  [100, ['not-found', false]], // collection
  [101, ['not-found', true]], // collection not loaded
  [103, ['not-found', true]], // collection not fully loaded
  [106, ['not-found', true]], // collection on recovering
  [200, ['not-found', false]], // partition
  [500, ['unreachable', true]], // channel not found: a node is starting
  [501, ['unreachable', true]], // channel lacks
  [502, ['unreachable', true]], // channel reduplicate
  [503, ['unreachable', true]], // channel not available
  [700, ['not-found', false]], // index
  [800, ['not-found', false]], // database
  [901, ['unreachable', true]], // node not found
  [902, ['unreachable', true]], // node offline
  [1100, ['invalid-argument', false]], // parameter invalid
  [1101, ['invalid-argument', false]], // parameter missing
  [1400, ['refused', false]], // need authentication
  [1401, ['refused', false]], // privilege not permitted
]);

/** Milvus Lite's numbers below 100 (milvus_lite/adapter/grpc/errors.py). */
const LITE_MEANINGS: ReadonlyMap<number, Meaning> = new Map<number, Meaning>([
  [1, ['server', false]],
  [4, ['not-found', false]],
  [6, ['invalid-argument', false]],
  [11, ['not-found', false]],
]);

/** The number of both servers for a collection that is not loaded. */
export const NOT_LOADED = 101;

/**
 * The error of a status; `undefined` for success.
 *
 * Both numbers count: Milvus Lite leaves the old one at success after unexpected failures, and servers before 2.3 have
 * only the old one. A status without both means that the call is unknown: the SDK turns "not implemented" into `{}`.
 */
export function statusError(
  status: ServerStatus | undefined,
  what: string,
  lite: boolean,
): MilvusError | undefined {
  if (status === undefined || (status.error_code === undefined && status.code === undefined)) {
    return new MilvusError('unsupported', `${what}: this server does not implement the call`);
  }
  const code = Number(status.code ?? 0);
  const old = status.error_code ?? 'Success';
  if (code === 0 && (old === 'Success' || Number(old) === 0)) return undefined;
  const reason = status.reason || `error ${code || old}`;
  const [meaning, retriable] = meaningOf(code, old, reason, lite);
  return new MilvusError(meaning, `${what}: ${reason}`, {
    remedy: remedyFor(meaning, code, reason, lite),
    retriable: retriable || status.retriable === true,
    serverCode: code || Number(old) || 1,
  });
}

function remedyFor(
  meaning: MilvusErrorCode,
  code: number,
  reason: string,
  lite: boolean,
): MilvusRemedy | undefined {
  if (lite && FULL.test(reason)) return { code: 'free-space' };
  const isCollection = code === 100 || /collection/i.test(reason);
  return meaning === 'not-found' && isCollection && code !== NOT_LOADED
    ? { code: 'list-collections' }
    : undefined;
}

/** The system's words for a full disk, an exhausted quota or a file that is too large, which Milvus Lite passes on. */
const FULL = /no space left|disk (quota|full)|file too large/i;

function meaningOf(code: number, old: string | number, reason: string, lite: boolean): Meaning {
  if (lite && FULL.test(reason)) return ['limit', false];
  const known = (lite ? LITE_MEANINGS.get(code) : undefined) ?? MEANINGS.get(code);
  if (known !== undefined) return known;
  if (/not found|not exist|can't find/i.test(reason)) return ['not-found', false];
  if (old === 'RateLimit') return ['limit', true];
  if (FULL.test(reason) || /quota/i.test(reason)) return ['limit', false];
  if (old === 'PermissionDenied' || /permission deny|auth check failure/i.test(reason))
    return ['refused', false];
  if (old === 'NotReadyServe' || /not ready|is not available|server is starting/i.test(reason)) {
    return ['unreachable', true];
  }
  // Milvus 2.3 stores only objects in JSON fields.
  if (/cannot parse expression|failed to create query plan|json: cannot unmarshal/i.test(reason))
    return ['invalid-argument', false];
  if (old === 'IllegalArgument') return ['invalid-argument', false];
  return ['server', false];
}

/** An error of @grpc/grpc-js, of which only these parts are used. */
interface GrpcFailure {
  readonly code: number;
  readonly details?: string;
}

function isGrpcFailure(value: unknown): value is GrpcFailure {
  return typeof value === 'object' && value !== null && 'code' in value && typeof value.code === 'number';
}

const GRPC_MEANINGS: ReadonlyMap<number, readonly [MilvusErrorCode, boolean, string]> = new Map([
  [Grpc.UNAVAILABLE, ['unreachable', true, 'no answer']],
  [Grpc.DEADLINE_EXCEEDED, ['unreachable', true, 'no answer in time']],
  [Grpc.CANCELLED, ['unreachable', true, 'the connection was cancelled']],
  [Grpc.UNAUTHENTICATED, ['refused', false, 'user, password or token were not accepted']],
  [Grpc.PERMISSION_DENIED, ['refused', false, 'not permitted']],
  [Grpc.UNIMPLEMENTED, ['unsupported', false, 'this server does not implement the call']],
  [Grpc.RESOURCE_EXHAUSTED, ['limit', false, 'too large for the server']],
  [Grpc.INVALID_ARGUMENT, ['invalid-argument', false, 'invalid']],
  [Grpc.NOT_FOUND, ['not-found', false, 'not found']],
] as const);

/** gRPC reports failed certificates and handshakes as UNAVAILABLE, but retrying does not help. */
const TLS_TROUBLE =
  /certificate|self.signed|altnames|SSL|TLS|wrong version number|handshake|EPROTO|UNABLE_TO_|ERR_TLS/i;

/** This package's error for the failure of a gRPC call. */
export function grpcError(failure: unknown, what: string, address: string): MilvusError {
  if (MilvusError.isInstance(failure)) return failure;
  const where = `${what} at ${address}`;
  if (!isGrpcFailure(failure)) {
    return new MilvusError('server', `${where}: ${messageOf(failure)}`, { cause: failure });
  }
  const details = withoutFrame(failure.details ?? '');
  if (failure.code === Grpc.UNAVAILABLE && TLS_TROUBLE.test(details)) {
    return new MilvusError('refused', `${where}: no secure connection (${details})`, {
      cause: failure,
      serverCode: failure.code,
      remedy: { code: 'check-tls' },
    });
  }
  // Depending on its version, Milvus answers wrong or missing credentials like this.
  if (/auth check failure|unauthenticated|missing authorization/i.test(details)) {
    return new MilvusError('refused', `${where}: user, password or token were not accepted (${details})`, {
      cause: failure,
      serverCode: failure.code,
    });
  }
  const [code, retriable, meaning] = GRPC_MEANINGS.get(failure.code) ?? ['server', false, 'failed'];
  const said = details === '' ? '' : ` (${details})`;
  return new MilvusError(code, `${where}: ${meaning}${said}`, {
    cause: failure,
    retriable,
    serverCode: failure.code,
  });
}

/** The details without the words that @grpc/grpc-js adds. */
function withoutFrame(details: string): string {
  return details
    .replace(/^No connection established\. Last error: (?:Error: )?/, '')
    .replace(/\.?\s*Resolution note:\s*$/, '');
}
