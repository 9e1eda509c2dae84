import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { ended, M2V, temporaryFolder } from './run-m2v.js';

/** Runs a program on its own terminal and prints the terminal's output, then the exit code. */
const ON_A_TERMINAL = `
import os, pty, sys
status = pty.spawn(sys.argv[1:])
print("exit", os.waitstatus_to_exitcode(status))
`;

let folder: string;

beforeAll(async () => {
  folder = await temporaryFolder();
});

/** What a person would see: standard output and standard error together, with `\n` line ends. */
async function seen(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<string> {
  const child = spawn('python3', ['-c', ON_A_TERMINAL, process.execPath, M2V, ...args], {
    cwd: folder,
    env: { ...process.env, NO_COLOR: '', TERM: 'xterm', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const { stdout, stderr } = await ended(child);
  expect(stderr).toBe('');
  return stdout.toString().replaceAll('\r\n', '\n');
}

describe('m2v on a terminal', () => {
  it('refuses to print binary', async () => {
    const screen = await seen(['embed', 'a', '--format', 'npy']);
    expect(screen).toContain(
      '--format npy is binary and standard output is a terminal; add --output FILE or a pipe\n',
    );
    expect(screen).toContain('exit 2');
  });

  it('asks for texts instead of waiting if there are none', async () => {
    expect(await seen(['embed'])).toMatch(
      /no texts; pass them as arguments, with --input FILE or through a pipe\n[\s\S]*exit 2/,
    );
  });

  it('shows its progress, then its result', async () => {
    await writeFile(join(folder, 'texts.txt'), 'a line of text\n'.repeat(60_000));
    const screen = await seen(['embed', '--input', 'texts.txt', '--output', 'out.f32']);
    expect(screen).toMatch(/[█░]{20} \d+% \| [\d,]+ texts \| [\d,…]+ texts\/s \| (\d+:\d\d|…) left/);
    expect(screen).toMatch(/60,000 texts: 60,000 × 256 float32 as f32 in out\.f32 \(\d+\.\d s\)\n/);
    expect(await seen(['embed', '--input', 'texts.txt', '--output', 'out.f32', '--quiet'])).toBe('exit 0\n');
  });

  it('reports that there was nothing to do', async () => {
    await writeFile(join(folder, 'empty.txt'), '');
    expect(await seen(['embed', '--input', 'empty.txt', '--output', 'out.json'])).toMatch(
      /^.*0 texts: 0 × 256/m,
    );
  });

  it('prints colours unless asked not to', async () => {
    expect(await seen(['demo'])).toContain('\u001b[1m');
    expect(await seen(['demo'], { NO_COLOR: '1' })).not.toContain('\u001b[');
    expect(await seen(['demo'], { TERM: 'dumb' })).not.toContain('\u001b[');
    expect(await seen(['embdd'])).toContain('\u001b[31mm2v:\u001b[39m unknown command');
  });
});
