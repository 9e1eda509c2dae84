import { spawn } from 'node:child_process';
import { existsSync, readdirSync, realpathSync, writeFileSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
// The fake Hub is the test server of the package that talks to the Hub.
import { type HubContent, HubServer } from '../../../packages/static-model/test/hub/hub-server.js';
import { type Ended, ended, M2V, m2v, startM2v, temporaryFolder } from './run-m2v.js';

const ID = 'org/mini';
const MODEL = fileURLToPath(new URL('../../../packages/model-minilm-l6/model/', import.meta.url));

const hub = new HubServer();
let folder: string;
let cache: string;
let files: Record<string, HubContent>;

beforeAll(async () => {
  await hub.start();
  folder = await temporaryFolder();
  cache = join(folder, 'cache');
  files = {};
  for (const name of ['config.json', 'model.safetensors', 'tokenizer.json', 'README.md']) {
    const bytes = await readFile(join(MODEL, name)).catch(() => Buffer.from(`# ${name}\n`));
    files[name] = { bytes, lfs: name === 'model.safetensors' };
  }
});
afterAll(() => hub.stop());
afterEach(async () => {
  hub.fault = () => false;
  hub.repositories.clear();
  await rm(cache, { recursive: true, force: true });
});

function environment(): NodeJS.ProcessEnv {
  const settings: NodeJS.ProcessEnv = {
    HF_ENDPOINT: hub.url,
    HF_HUB_CACHE: cache,
    HF_TOKEN_PATH: join(folder, 'none'),
  };
  for (const name of Object.keys(process.env)) {
    if (/^(?:HF_|HUGGING|TRANSFORMERS_)|_PROXY$/i.test(name)) settings[name] ??= undefined;
  }
  return settings;
}

async function models(...args: readonly string[]): Promise<Ended & { readonly out: string }> {
  const result = await m2v(['models', ...args], { env: environment() });
  return { ...result, out: result.stdout.toString() };
}

async function printed(...args: readonly string[]): Promise<string> {
  const { code, out, stderr } = await models(...args);
  expect([code, stderr.replace(/^.*\(commit [0-9a-f]{40}\)\n$/, '')]).toEqual([0, '']);
  return out;
}

describe('m2v models', () => {
  it('pulls a model, lists it, prints its folder, and lets m2v use it without the Hub', async () => {
    const commit = hub.commit(ID, files);
    expect(await printed('ls')).toBe(`no models in ${cache}\n`);
    const path = join(cache, 'models--org--mini/snapshots', commit);
    const first = await models('pull', ID);
    expect([first.code, first.out]).toEqual([0, `${path}\n`]);
    expect(first.stderr).toMatch(/^org\/mini downloaded, 8\.\d\d MB \(commit [0-9a-f]{40}\)\n$/);
    const again = await models('pull', ID);
    expect(again.stderr).toBe(`org/mini is up to date (commit ${commit})\n`);
    expect((await models('pull', ID, '--quiet')).stderr).toBe('');

    const today = new Date().toISOString().slice(0, 8);
    const lines = (await printed('ls')).split('\n');
    expect(lines[0]).toMatch(/^model +revision +commit +size +last used$/);
    expect(lines[1]).toMatch(
      new RegExp(`^org/mini +main +${commit.slice(0, 7)} +8\\.\\d\\d MB +${today}\\d\\d$`),
    );
    const [listed] = JSON.parse(await printed('ls', '--json'));
    expect(listed).toMatchObject({ id: ID, commit, refs: ['main'], path, files: Object.keys(files).sort() });

    expect(await printed('path', ID)).toBe(`${path}\n`);
    expect(await printed('path', `${ID}@${commit.slice(0, 8)}`)).toBe(`${path}\n`);
    hub.seen.length = 0;
    const embedded = await m2v(['embed', '--model', ID, 'a cat'], { env: environment() });
    expect([embedded.code, embedded.stderr, hub.seen]).toEqual([0, '', []]);
  });

  it('are used at the named revision by every command that takes a model', async () => {
    hub.commit(ID, files);
    const halved = {
      ...files,
      'config.json': { bytes: Buffer.from('{"normalize": false, "max_length": 3}') },
    };
    const commit = hub.commit(ID, halved, { ref: 'v1' });
    const env = environment();
    const named = ['--model', ID, '--revision'];
    const info = await m2v(['info', ...named, 'v1', '--json'], { env });
    expect([info.stderr, JSON.parse(info.stdout.toString()).maxLength]).toEqual(['', 3]);
    const main = await m2v(['info', '--model', ID, '--json'], { env });
    expect(JSON.parse(main.stdout.toString()).maxLength).toBe(512);
    hub.seen.length = 0;
    const out = join(folder, 'made');
    for (const call of [
      ['embed', ...named, 'v1', 'a cat'],
      ['tokenize', ...named, commit, 'a cat'],
      ['similarity', ...named, 'v1', 'a cat', 'a kitten'],
      [
        'quantize',
        ID,
        '--revision',
        'v1',
        '--dimensionality',
        '8',
        '--out',
        join(out, 'quantized'),
        '--quiet',
      ],
      ['prune', ID, '--revision', 'v1', '--tokens', join(MODEL, 'NOTICE'), '--out', join(out, 'none')],
      ['export-onnx', ...named, 'v1', '--output', join(out, 'onnx'), '--quiet'],
    ]) {
      const { code, stderr } = await m2v(call, { env });
      if (call[0] === 'prune') expect([code, stderr]).toEqual([2, expect.stringContaining('token')]);
      else expect([call[0], code, stderr]).toEqual([call[0], 0, '']);
    }
    expect(hub.seen).toEqual([]);
    expect(JSON.parse(await readFile(join(out, 'quantized/config.json'), 'utf8'))).toMatchObject({
      max_length: 3,
    });
    const missing = await m2v(['embed', ...named, 'v9', 'a cat'], { env });
    expect([missing.code, missing.stderr]).toEqual([1, expect.stringContaining('no revision "v9"')]);
    const bundled = await m2v(['embed', '--revision', 'v1', 'a cat'], { env });
    expect([bundled.code, bundled.stderr]).toEqual([
      2,
      expect.stringContaining('pass --model to name a Hub model'),
    ]);
    const twice = await m2v(['tokenize', '--tokenizer', 'x', '--revision', 'v1', 'a cat'], { env });
    expect(twice.code).toBe(2);
  });

  it('hashes cached files, and downloads damaged ones again', async () => {
    const commit = hub.commit(ID, files);
    await printed('pull', ID);
    expect(await printed('verify')).toMatch(
      /(intact {3}org\/mini@[0-9a-f]{7} {2}\S+ {2}[\d.]+ k?M?B\n){4}4 files checked\n$/,
    );
    const path = join(cache, 'models--org--mini/snapshots', commit);
    writeFileSync(join(path, 'config.json'), '{}');
    await rm(realpathSync(join(path, 'tokenizer.json')));
    const damaged = await models('verify', ID, '--quiet');
    expect(damaged.code).toBe(1);
    expect(damaged.out).toMatch(
      /^damaged {2}\S+ {2}config\.json .*\nmissing {2}\S+ {2}tokenizer\.json .*\n$/,
    );
    expect(damaged.stderr).toMatch(
      /^m2v: 2 of 4 files differ from the Hub: org\/mini@[0-9a-f]{7} config\.json, .*; m2v models pull downloads them again\n$/,
    );
    await printed('pull', ID);
    expect(await printed('verify', ID, '--quiet')).toBe('');
  });

  it('removes one version, and only the files that no other version uses', async () => {
    const old = hub.commit(ID, files);
    await printed('pull', ID);
    const moved = hub.commit(ID, { ...files, 'config.json': { bytes: Buffer.from('{"normalize": true}') } });
    hub.commit(ID, files, { ref: 'v1', name: 'old' });
    await printed('pull', ID);
    await printed('pull', `${ID}@v1`);
    expect(JSON.parse(await printed('ls', '--json'))).toHaveLength(3);
    const blobs = (): number => readdirSync(join(cache, 'models--org--mini/blobs')).length;
    expect(blobs()).toBe(5);
    expect(await printed('rm', `${ID}@v1`, '--yes')).toBe(`removed ${ID}@v1 (1 version, 0 B)\n`);
    expect(blobs()).toBe(5);
    expect(await printed('rm', `${ID}@main`, '--yes')).toBe(`removed ${ID}@main (1 version, 19 B)\n`);
    expect(blobs()).toBe(4);
    expect(await printed('path', `${ID}@${old}`)).toContain(old);
    expect((await models('path', `${ID}@${moved}`)).code).toBe(1);
    expect(await printed('verify', '--quiet')).toBe('');
    expect(await printed('rm', ID, '--yes', '--quiet')).toBe('');
    expect(existsSync(join(cache, 'models--org--mini'))).toBe(false);
  });

  it.each<[string[], number, RegExp]>([
    [
      ['pull', 'org/none'],
      1,
      /org\/none: the Hub answered HTTP 401: "RepoNotFound": the model is private or does not exist/,
    ],
    [['pull', `${ID}@v9`], 1, /the Hub has no revision "v9"/],
    [['pull', 'org/empty'], 1, /org\/empty: there is no model\. Looked for config\.json/],
    [['pull', ID, '--subfolder', '../x'], 2, /subfolder "\.\.\/x" must name a folder/],
    [['pull', 'not an id'], 2, /"not an id" is not a Hub id/],
    [['pull', `${ID}@../x`], 2, /revision "\.\.\/x" cannot be the name/],
    [['pull', `${ID}@`], 2, /Give org\/name, or org\/name@revision/],
    [['path', ID], 1, /org\/mini is not in .*cache; m2v models pull org\/mini downloads it$/],
    [['verify', ID], 1, /org\/mini is not in the cache/],
    [['rm', ID, '--yes'], 1, /org\/mini is not in the cache/],
    [['rm', ID], 2, /no terminal to ask on; pass --yes$/],
    [['ls', '--cache-dir', '/dev/null/x'], 0, /^$/],
  ])('m2v models %j ends with exit code %d and one line', async (args, exitCode, message) => {
    hub.commit(ID, files);
    hub.commit('org/empty', { 'README.md': { bytes: Buffer.from('x') } });
    const { code, stderr } = await models(...args);
    expect(code).toBe(exitCode);
    expect(stderr.replace(/^m2v: /, '').trimEnd()).toMatch(message);
  });

  it('stops a download when interrupted, and leaves no files', async () => {
    hub.commit(ID, files);
    hub.fault = ({ host }, response) => {
      if (host !== 'cdn') return false;
      response.writeHead(200).write(files['model.safetensors']!.bytes.subarray(0, 100_000));
      return true;
    };
    const child = startM2v(['models', 'pull', ID], { env: environment() });
    const blobs = join(cache, 'models--org--mini/blobs');
    const unfinished = (): string[] =>
      existsSync(blobs) ? readdirSync(blobs).filter((name) => name.endsWith('.incomplete')) : [];
    await vi.waitUntil(() => unfinished().length > 0, 10_000);
    const result = ended(child);
    child.kill('SIGINT');
    expect((await result).code).toBe(130);
    expect(unfinished()).toEqual([]);
  });

  it('shows bytes on a terminal, and asks there before it removes', async () => {
    hub.commit(ID, files);
    const screen = await onTerminal(['models', 'pull', ID], '');
    expect(screen).toMatch(/[█░]{20} \d+% \| [\d.]+ k?M?B of 8\.\d\d MB \| [\d.]+ k?M?B\/s/);
    expect(screen).toMatch(/org\/mini downloaded, 8\.\d\d MB \(commit [0-9a-f]{40}\)\n/);
    const kept = await onTerminal(['models', 'rm', ID], 'n');
    expect(kept).toMatch(/Remove org\/mini \(1 version, 8\.\d\d MB\)\? \[y\/N\] /);
    expect(kept).toContain('org/mini was kept');
    expect(await onTerminal(['models', 'rm', ID], 'y')).toContain('removed org/mini (1 version');
    expect(await printed('ls')).toContain('no models');
  });
});

/** Runs a program on its own terminal, types one line when it asks, and prints the terminal's output. */
const ON_A_TERMINAL = `
import os, pty, sys
answer = sys.argv[1]
def typed(fd):
    data = os.read(fd, 4096)
    if b"[y/N]" in data:
        os.write(fd, answer.encode() + b"\\n")
    return data
pty.spawn(sys.argv[2:], typed)
`;

async function onTerminal(args: readonly string[], answer: string): Promise<string> {
  const child = spawn('python3', ['-c', ON_A_TERMINAL, answer, process.execPath, M2V, ...args], {
    env: { ...process.env, NO_COLOR: '1', TERM: 'xterm', ...environment() },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const { stdout } = await ended(child);
  return stdout.toString().replaceAll('\r\n', '\n');
}
