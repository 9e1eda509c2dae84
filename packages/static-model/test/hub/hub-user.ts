import { type ChildProcess, spawn } from 'node:child_process';
import { hubEnvironment } from './python-client.js';

/** Result of a program that loads a model. */
export interface UserResult {
  readonly fingerprint?: string;
  readonly code?: string;
  readonly message?: string;
}

/** A separate process that loads a model with this package and prints its fingerprint. */
export function startUser(
  index: string,
  id: string,
  settings: Readonly<Record<string, string>>,
  /** Options of the load as source text. */
  options: Readonly<Record<string, string>> = {},
): { readonly child: ChildProcess; readonly result: Promise<UserResult> } {
  const given = Object.entries(options).map(([name, source]) => `${name}: ${source}`);
  const program = `
    import { loadStaticModel } from ${JSON.stringify(index)};
    try {
      const { fingerprint } = await loadStaticModel(${JSON.stringify(id)}, { ${given} });
      console.log(JSON.stringify({ fingerprint }));
    } catch ({ code, message }) {
      console.log(JSON.stringify({ code, message }));
    }`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    env: hubEnvironment(settings),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout?.on('data', (chunk) => {
    output += chunk;
  });
  const result = new Promise<UserResult>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (code === 0) resolve(JSON.parse(output));
      else resolve({ code: signal ?? String(code) });
    });
  });
  return { child, result };
}
