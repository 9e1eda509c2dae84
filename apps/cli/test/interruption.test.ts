import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { ended, M2V, startM2v, temporaryFolder } from './run-m2v.js';

let folder: string;

beforeEach(async () => {
  folder = await temporaryFolder();
});

/** Waits until a temporary file has bytes in it: the program is in the middle of its work. */
async function untilWriting(): Promise<void> {
  for (;;) {
    const [name] = (await readdir(folder)).filter((each) => each.endsWith('.tmp'));
    if (name !== undefined && (await readFile(join(folder, name))).length > 0) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe('m2v embed, interrupted', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('by %s leaves no file, keeps the old one, and exits with %d', async (signal, code) => {
    const output = join(folder, 'out.f32');
    await writeFile(output, 'old');
    const child = startM2v(['embed', '--output', output]);
    const end = ended(child);
    child.stdin!.on('error', () => undefined);
    child.stdin!.write('a text\n'.repeat(5000));
    await untilWriting();
    child.kill(signal);
    expect(await end).toMatchObject({ code, stderr: '' });
    expect(await readdir(folder)).toEqual(['out.f32']);
    expect(await readFile(output, 'utf8')).toBe('old');
  });

  it('by kill -9 leaves nothing after the next run', async () => {
    const temporary = await temporaryFolder();
    const env = { TMPDIR: temporary, TEMP: temporary };
    const killed = [
      ['--output', join(folder, 'out.f32')],
      ['--format', 'npy'],
    ].map(async (args, i) => {
      const child = startM2v(['embed', ...args], { env });
      const end = ended(child);
      child.stdin!.on('error', () => undefined);
      child.stdin!.write('a text\n'.repeat(5000));
      if (i === 0) await untilWriting();
      else while ((await readdir(temporary)).length === 0) await new Promise((each) => setTimeout(each, 20));
      child.kill('SIGKILL');
      await end;
    });
    await Promise.all(killed);
    expect((await readdir(folder)).length).toBe(1);
    expect((await readdir(temporary)).length).toBe(1);
    const next = startM2v(['embed', 'a', '--output', join(folder, 'other.npy')], { env });
    const piped = startM2v(['embed', '--format', 'npy'], { env });
    piped.stdin!.end('a\n');
    const ends = await Promise.all([ended(next), ended(piped)]);
    expect(ends.map(({ code }) => code)).toEqual([0, 0]);
    expect(await readdir(folder)).toEqual(['other.npy']);
    expect(await readdir(temporary)).toEqual([]);
  });

  it('by the reader of its pipe ends quietly, as in m2v … | head -1', async () => {
    const child = startM2v(['embed'], {});
    child.stdin!.on('error', () => undefined);
    child.stdin!.end('a text\n'.repeat(20_000));
    const stderr: Buffer[] = [];
    child.stderr!.on('data', (chunk: Buffer) => stderr.push(chunk));
    const [first] = (await once(child.stdout!, 'data')) as [Buffer];
    child.stdout!.destroy();
    const [code] = await once(child, 'close');
    expect(first.toString('utf8', 0, 30)).toBe('{"text":"a text","embedding":[');
    expect([code, Buffer.concat(stderr).toString()]).toEqual([0, '']);
  });

  it('by head prints one line and nothing else', async () => {
    const shell = `yes 'a text' | head -100000 | "$0" "$1" embed | head -1; echo "\${PIPESTATUS[@]}"`;
    const { stdout, stderr } = await ended(spawn('bash', ['-c', shell, process.execPath, M2V]));
    const [line, statuses, rest] = stdout.toString().split('\n');
    expect(JSON.parse(line!).embedding).toHaveLength(256);
    expect(statuses!.split(' ').slice(2)).toEqual(['0', '0']);
    expect([rest, stderr]).toEqual(['', '']);
  });
});
