import { spawn } from 'node:child_process';
import { mkdir, open, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
// The official client, over standard input and output, as agents start the program.
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Ended, ended, M2V, m2v, temporaryFolder } from './run-m2v.js';

let folder: string;
let client: Client;

beforeEach(async () => {
  folder = await temporaryFolder();
  await mkdir(join(folder, 'docs'));
  await writeFile(
    join(folder, 'docs', 'bread.md'),
    '# Bread\n\nYeast makes the dough rise.\n\n## Ovens\n\nBake it hot.\n',
  );
  await writeFile(join(folder, 'docs', 'sea.md'), '# Sea\n\nThe moon pulls the tides.\n');
  await writeFile(join(folder, 'docs', 'ocean.md'), '# Ocean\n\nTides follow the moon.\n');
  await writeFile(join(folder, 'secret.txt'), 'not in the folder that is served\n');
  client = new Client({ name: 'test', version: '1.0.0' });
  await client.connect(
    new StdioClientTransport({ command: process.execPath, args: [M2V, 'mcp', 'docs'], cwd: folder }),
  );
});
afterEach(() => client.close());

async function call(
  name: string,
  args: Record<string, unknown>,
): Promise<{ isError: boolean; text: string }> {
  const { isError = false, content } = await client.callTool({ name, arguments: args });
  const [first] = content as readonly { readonly text: string }[];
  return { isError: Boolean(isError), text: first!.text };
}

describe('m2v mcp', () => {
  it('reports the version of its package', async () => {
    const manifest = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8'));
    expect(client.getServerVersion()).toEqual({ name: 'm2v', version: manifest.version });
  });

  it('lists its tools, all of them read-only', async () => {
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(['search', 'read', 'find_similar']);
    for (const { annotations } of tools) expect(annotations?.readOnlyHint).toBe(true);
  });

  it('searches, reads around what it found, and finds what is similar to it', async () => {
    const found = await call('search', { question: 'why does dough get bigger', limit: 2 });
    expect(found.text).toMatch(/^1\. docs\/bread\.md:3 \(0\.\d{4}\)\nBread\n\nYeast makes the dough rise\./);
    const read = await call('read', { place: 'docs/bread.md:3', lines: 3 });
    expect(read.text).toBe('docs/bread.md, lines 3 to 5 of 8\n\nYeast makes the dough rise.\n\n## Ovens');
    const similar = await call('find_similar', { place: 'docs/sea.md:3', limit: 1 });
    expect(similar.text).toMatch(/^1\. docs\/ocean\.md:3 /);
    expect((await call('find_similar', { text: 'hot oven', limit: 1 })).text).toMatch(
      /^1\. docs\/bread\.md:7 /,
    );
  });

  it('sees files as they are', async () => {
    await call('search', { question: 'warm up' });
    await writeFile(join(folder, 'docs', 'trains.md'), 'A train to Zurich leaves at eight.\n');
    await rm(join(folder, 'docs', 'bread.md'));
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect((await call('search', { question: 'railway timetable', limit: 1 })).text).toContain(
      'docs/trains.md:1',
    );
    expect((await call('search', { question: 'yeast dough', limit: 9 })).text).not.toContain('bread.md');
  });

  it('answers wrong calls with an error that says what to do', async () => {
    const outside = await call('read', { place: 'secret.txt' });
    expect(outside).toEqual({ isError: true, text: 'nothing at secret.txt; take a place from search' });
    expect((await call('read', { place: '../secret.txt:1' })).isError).toBe(true);
    expect((await call('find_similar', {})).text).toBe('pass either text or place');
    expect((await call('search', { question: 'x', filter: 'year >' })).text).toContain('filter "year >"');
  });

  const fromFile = async (input: string): Promise<Ended> => {
    await writeFile(join(folder, 'requests.jsonl'), input);
    const file = await open(join(folder, 'requests.jsonl'));
    try {
      return await ended(
        spawn(process.execPath, [M2V, 'mcp', 'docs'], { cwd: folder, stdio: [file.fd, 'pipe', 'pipe'] }),
      );
    } finally {
      await file.close();
    }
  };

  it.each([
    ['a pipe', (input: string) => m2v(['mcp', 'docs'], { cwd: folder, input })],
    ['a file', fromFile],
  ])('answers every request of %s that ends after them, and exits', async (_, run) => {
    const search = (id: number, question: string) => ({
      ...{ jsonrpc: '2.0', id, method: 'tools/call' },
      params: { name: 'search', arguments: { question, limit: 1 } },
    });
    const clientInfo = { name: 'pipe', version: '1.0.0' };
    const requests = [
      {
        ...{ jsonrpc: '2.0', id: 1, method: 'initialize' },
        params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo },
      },
      { jsonrpc: '2.0', method: 'notifications/initialized' },
      search(2, 'why does dough get bigger'),
      search(3, 'a cancelled question'),
      { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 3 } },
      { jsonrpc: '2.0', id: 'four', method: 'no/such/method' },
      search(5, 'how hot is the oven'),
    ];
    const input = requests.map((each) => `${JSON.stringify(each)}\n`).join('');
    const { code, stdout } = await run(input);
    const answers = new Map(
      stdout
        .toString('utf8')
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line))
        .map(({ id, result, error }) => [id, result?.content?.[0].text ?? result ?? error]),
    );
    expect(answers.get(1)).toMatchObject({ serverInfo: { name: 'm2v' } });
    expect(answers.get(2)).toMatch(/^1\. docs\/bread\.md:3 /);
    expect(answers.get('four')).toMatchObject({ code: -32601 });
    expect(answers.get(5)).toMatch(/^1\. docs\/bread\.md:7 /);
    expect(code).toBe(0);
  });
});
