import { MilvusError } from '../milvus-error.js';
import { askStatus } from './lite-lease.js';
import { readStates } from './lite-state.js';
import { type FoundPython, findPython, type LiteEnvironment, readEnvironment } from './python.js';

/** A running server of the user. */
export interface RunningMilvusLite {
  /** `127.0.0.1:port`. */
  readonly address: string;
  readonly folder: string;
  readonly pid: number;
  /** Number of processes or calls that use it. */
  readonly users: number;
  /** Whether it keeps running without users. */
  readonly keepRunning: boolean;
  /** Milliseconds that it stays after its last user. */
  readonly keepAlive: number;
  /** Start time, as ISO 8601 in UTC. */
  readonly started: string;
  /** Version of milvus-lite. */
  readonly version: string;
  /** The Python that runs it. */
  readonly python: string;
  /** Path of its log. */
  readonly log: string;
}

/** Environment, Python and running servers of Milvus Lite for this user. */
export interface MilvusLiteStatus {
  /** The environment that setup created. */
  readonly environment: LiteEnvironment | undefined;
  /** The Python of the next server, or the error that says why there is none. */
  readonly python: FoundPython | MilvusError;
  /** Every running server, sorted by folder. */
  readonly servers: readonly RunningMilvusLite[];
}

/**
 * Returns what is set up and which servers of this user run. Changes nothing.
 *
 * @example
 * ```ts
 * import { milvusLiteStatus } from '@model2vec-ts/milvus-adapter';
 *
 * const { servers } = await milvusLiteStatus();
 * for (const { folder, address, users } of servers) console.log(`${folder} at ${address}, used by ${users}`);
 * ```
 */
export async function milvusLiteStatus(): Promise<MilvusLiteStatus> {
  const [environment, python, states] = await Promise.all([readEnvironment(), nextPython(), readStates()]);
  const servers = await Promise.all(
    states.map(async ({ state, log }): Promise<RunningMilvusLite[]> => {
      const answer = await askStatus(state);
      if (answer === undefined) return [];
      const { folder, pid, port, users, keep, keepAlive, started, milvusLite } = answer;
      return [
        {
          address: `127.0.0.1:${port}`,
          folder,
          pid,
          users,
          keepRunning: keep,
          keepAlive,
          started,
          version: milvusLite,
          python: answer.python,
          log,
        },
      ];
    }),
  );
  return {
    environment,
    python,
    servers: servers.flat().sort((a, b) => (a.folder < b.folder ? -1 : 1)),
  };
}

async function nextPython(): Promise<FoundPython | MilvusError> {
  try {
    return await findPython();
  } catch (error) {
    if (MilvusError.isInstance(error)) return error;
    throw error;
  }
}
