import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';

/** The built program, so that the tests cover what users run. */
export const M2V: string = fileURLToPath(new URL('../dist/m2v.js', import.meta.url));

if (!existsSync(M2V)) throw new TypeError(`${M2V} is not built: turbo run build --filter=@model2vec-ts/cli`);

export interface Ended {
  readonly code: number | null;
  readonly stdout: Buffer;
  readonly stderr: string;
}

export interface RunOptions {
  /** Standard input; empty if absent. */
  readonly input?: string | Uint8Array;
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Flags for Node itself. */
  readonly nodeFlags?: readonly string[];
}

/** Runs m2v until it exits. */
export async function m2v(args: readonly string[], options: RunOptions = {}): Promise<Ended> {
  const child = startM2v(args, options);
  child.stdin?.on('error', () => undefined);
  child.stdin?.end(options.input ?? '');
  return ended(child);
}

/** Starts m2v with pipes on all sides. */
export function startM2v(args: readonly string[], options: RunOptions = {}): ChildProcess {
  return spawn(process.execPath, [...(options.nodeFlags ?? []), M2V, ...args], {
    cwd: options.cwd,
    env: { ...process.env, NO_COLOR: '', ...options.env },
  });
}

/** Waits for a process to exit and collects its output. */
export function ended(child: ChildProcess): Promise<Ended> {
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout?.on('data', (chunk: Buffer) => stdout.push(chunk));
  child.stderr?.on('data', (chunk: Buffer) => stderr.push(chunk));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      resolve({ code, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr).toString('utf8') });
    });
  });
}

const folders: string[] = [];
// Registered here because a folder may be created in a hook or a test, which is too late to register another hook.
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

/** Creates a folder that is removed after the tests of the file. */
export async function temporaryFolder(): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'm2v-test-')));
  folders.push(folder);
  return folder;
}

/** The float32 values of little-endian bytes. */
export function floats(bytes: Uint8Array): Float32Array {
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}

/** Largest difference between two lists of numbers of equal length. */
export function worstDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  let worst = 0;
  for (let i = 0; i < a.length; i++) worst = Math.max(worst, Math.abs(a[i]! - b[i]!));
  return worst;
}
