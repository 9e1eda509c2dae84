import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { root } from './project-install.mjs';

/** The bundled model's folder. */
export const MODEL = join(root, 'packages/model-minilm-l6/model');

/** Starts the built `m2v serve` with the bundled model as `minilm` on a free port. Returns `{ url, stop }`. */
export function startServer() {
  const m2v = join(root, 'apps/cli/dist/m2v.js');
  const child = spawn(process.execPath, [m2v, 'serve', '--port', '0', '--model', `minilm=${MODEL}`], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  return new Promise((resolve, reject) => {
    let said = '';
    createInterface({ input: child.stderr })
      .on('line', (line) => {
        said += `${line}\n`;
        const [, url] = /serving .* at (\S+)/.exec(line) ?? [];
        if (url !== undefined) resolve({ url, stop: () => child.kill() });
      })
      .on('close', () => reject(new Error(`m2v serve ended: ${said}`)));
  });
}
