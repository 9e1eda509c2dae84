import { cp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, describe, expect, it } from 'vitest';
import { type Ended, ended, m2v, startM2v, temporaryFolder } from './run-m2v.js';

interface Serving {
  readonly url: string;
  readonly lines: string[];
  readonly stop: (signal?: NodeJS.Signals) => void;
  readonly ended: Promise<Ended>;
}

const stops: (() => void)[] = [];

afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});

/** Starts `m2v serve` on a free port and waits until it listens. */
async function serve(...flags: string[]): Promise<Serving> {
  const child = startM2v(['serve', '--port', '0', ...flags]);
  const end = ended(child);
  const stop = (signal: NodeJS.Signals = 'SIGTERM'): void => void child.kill(signal);
  stops.push(() => stop('SIGKILL'));
  const lines: string[] = [];
  const url = await new Promise<string>((resolve, reject) => {
    const reader = createInterface({ input: child.stderr! });
    reader.on('line', (line) => {
      lines.push(line);
      const [, found] = /serving .* at (\S+)/.exec(line) ?? [];
      if (found !== undefined) resolve(found);
    });
    reader.on('close', () => reject(new Error(lines.join('\n'))));
  });
  return { url, lines, stop, ended: end };
}

function post(url: string, body: object, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(url, { method: 'POST', body: JSON.stringify(body), headers });
}

describe('m2v serve', () => {
  it('embeds with the bundled model like m2v embed, and logs no texts', async () => {
    const { url, lines, stop, ended: end } = await serve('--alias', 'text-embedding-3-small=minilm-l6');
    const body = { input: 'a secret text', model: 'text-embedding-3-small' };
    const response = await post(`${url}/v1/embeddings`, body);
    const { data } = (await response.json()) as { data: { embedding: number[] }[] };
    const { stdout } = await m2v(['embed', 'a secret text', '--format', 'json']);
    const [{ embedding }] = JSON.parse(stdout.toString()) as [{ embedding: number[] }];
    expect(data[0]!.embedding).toEqual(embedding);
    stop();
    expect((await end).code).toBe(0);
    const log = JSON.parse(lines[1]!) as object;
    expect(log).toMatchObject({ route: '/v1/embeddings', status: 200, model: 'minilm-l6', texts: 1 });
    expect(lines.join('\n')).not.toContain('secret');
  });

  it('requires one of the keys in a file', async () => {
    const file = join(await temporaryFolder(), 'keys.txt');
    await writeFile(file, '# for tests\nfirst\n\nsecond\n');
    const { url } = await serve('--api-key-file', file);
    expect((await post(`${url}/embed`, { inputs: 'x' })).status).toBe(401);
    expect((await post(`${url}/embed`, { inputs: 'x' }, { authorization: 'Bearer second' })).status).toBe(
      200,
    );
  });

  it('answers everything that it accepted before SIGTERM', async () => {
    const { url, stop, ended: end } = await serve();
    const inputs = Array.from({ length: 400 }, (_, i) => `text ${i} with some more words`);
    let isStopped = false;
    const failures: unknown[] = [];
    const clients = Array.from({ length: 16 }, async () => {
      while (!isStopped) {
        try {
          const response = await post(`${url}/embed`, { inputs }, { accept: 'application/octet-stream' });
          const { byteLength } = await response.arrayBuffer();
          if (byteLength !== inputs.length * 256 * Float32Array.BYTES_PER_ELEMENT) failures.push(byteLength);
        } catch (error) {
          // A connection that is refused was not accepted; one that breaks in the middle was.
          const { code } = (error as { cause?: { code?: string } }).cause ?? {};
          if (code !== 'ECONNREFUSED' && code !== 'ECONNRESET') failures.push(code ?? error);
          return;
        }
      }
    });
    await new Promise((resolve) => setTimeout(resolve, 500));
    stop();
    expect((await end).code).toBe(0);
    isStopped = true;
    await Promise.all(clients);
    expect(failures).toEqual([]);
  });

  it('continues with the loaded model after its files change', async () => {
    const folder = join(await temporaryFolder(), 'model');
    await cp(new URL('../../../packages/model-minilm-l6/model', import.meta.url), folder, {
      recursive: true,
    });
    const { url } = await serve('--model', `mine=${folder}`);
    const before = await (await post(`${url}/embed`, { inputs: 'a text' })).text();
    await writeFile(join(folder, 'model.safetensors'), 'broken');
    expect(await (await post(`${url}/embed`, { inputs: 'a text' })).text()).toBe(before);
    expect((await fetch(`${url}/health`)).status).toBe(200);
  });

  it.each([
    [['--alias', 'x=unknown'], 'no --model is named unknown'],
    [['--port', '70000'], '65535'],
    [['--host', '256.0.0.1'], 'cannot listen'],
    [['--api-key-file', '/nonexistent'], '/nonexistent'],
    [['--model', '/nonexistent/model'], '/nonexistent/model'],
    [['--cors-origin', 'example.com'], 'corsOrigins'],
    [['--model', 'a=/x', '--model', 'a=/x'], 'a'],
  ])('refuses %j', async (flags, message) => {
    const { code, stderr } = await m2v(['serve', '--port', '0', ...flags]);
    expect(code).not.toBe(0);
    expect(stderr).toContain(message);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });
});
