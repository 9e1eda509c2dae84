import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const REQUIREMENTS = fileURLToPath(new URL('requirements.txt', import.meta.url));
const PROGRAM = fileURLToPath(new URL('hub-client.py', import.meta.url));
const ENVIRONMENTS = new URL('../../../../scripts/python-environment.mjs', import.meta.url);
const DIRECTORY = fileURLToPath(new URL('../../../../.cache/hub-client-venv', import.meta.url));

/** Creates the virtual environment if needed, in a separate process because pip is slow. */
export async function preparePython(): Promise<string> {
  const program = `
    import { preparePythonEnvironment } from ${JSON.stringify(ENVIRONMENTS.href)};
    const [directory, requirements] = process.argv.slice(1);
    console.log(preparePythonEnvironment({ directory, requirements }));`;
  const { stdout } = await run(process.execPath, [
    '--input-type=module',
    '--eval',
    program,
    DIRECTORY,
    REQUIREMENTS,
  ]);
  return stdout.trim();
}

/** Request to hub-client.py. */
export interface PythonRequest {
  readonly do: 'snapshot' | 'file' | 'cached-file' | 'scan' | 'model' | 'verify' | 'constants';
  readonly id?: string;
  readonly revision?: string;
  readonly file?: string;
  readonly patterns?: readonly string[];
  readonly forceDownload?: boolean;
  /** Threads that fetch files. Default: 8, the client's own. */
  readonly threads?: number;
  readonly texts?: readonly string[];
}

/** Environment of a process with no Hub settings except these. */
export function hubEnvironment(settings: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(?:HF_|HUGGING|TRANSFORMERS_|XDG_CACHE|.*_PROXY$)/i.test(name),
  );
  return { ...Object.fromEntries(kept), ...settings };
}

/** Runs Python's client in a separate process, because it reads its settings at start. */
export function python(
  executable: string,
  request: PythonRequest,
  settings: Readonly<Record<string, string>>,
): Promise<unknown> {
  return startPython(executable, request, settings).result;
}

/** Like {@link python}, but returns the process, which answers `{ code: 'SIGKILL' }` if it is killed. */
export function startPython(
  executable: string,
  request: PythonRequest,
  settings: Readonly<Record<string, string>>,
): { readonly child: ChildProcess; readonly result: Promise<unknown> } {
  const child = spawn(executable, [PROGRAM, JSON.stringify(request)], {
    env: hubEnvironment({
      HF_HUB_DISABLE_TELEMETRY: '1',
      HF_HUB_DISABLE_PROGRESS_BARS: '1',
      // Xet does not use HTTP on the Hub's paths; without it Python downloads plainly, like Node.
      HF_HUB_DISABLE_XET: '1',
      ...settings,
    }),
  });
  let output = '';
  let errors = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  child.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  const result = new Promise<unknown>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      const last = output.trim().split('\n').at(-1) ?? '';
      if (code === 0) resolve(JSON.parse(last));
      else if (signal !== null) resolve({ code: signal });
      else reject(new TypeError(`hub-client.py ended with ${code}: ${errors.slice(-2000)}`));
    });
  });
  return { child, result };
}
