import { spawn } from 'node:child_process';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { hasShell } from './installed-shells.js';
import { ended, M2V, m2v, temporaryFolder } from './run-m2v.js';

let folder: string;

beforeAll(async () => {
  folder = await temporaryFolder();
  await mkdir(join(folder, 'bin'));
  await writeFile(join(folder, 'bin', 'm2v'), `#!/bin/sh\nexec "${process.execPath}" "${M2V}" "$@"\n`);
  await chmod(join(folder, 'bin', 'm2v'), 0o755);
  await writeFile(join(folder, 'texts.txt'), 'a\n');
  await mkdir(join(folder, 'texts-folder'));
});

/** Runs a program of a shell with `m2v` on its path. */
async function run(shell: string, args: readonly string[]): Promise<string> {
  const env = { ...process.env, PATH: `${join(folder, 'bin')}${delimiter}${process.env.PATH}`, HOME: folder };
  const child = spawn(shell, args, { cwd: folder, env });
  const { stdout, stderr, code } = await ended(child);
  expect([code, stderr]).toEqual([0, '']);
  return stdout.toString();
}

describe('m2v complete', () => {
  it('prints possible next words, and whether files are possible', async () => {
    const { stdout } = await m2v(['complete', '--', 'models', 'pu']);
    expect(stdout.toString()).toBe('pull\tdownload the newest version\n:4\n');
  });
});

describe('the script for bash', () => {
  /** What Tab offers after a line, by calling the registered function as bash does. */
  async function offered(line: string, prepare = ''): Promise<string[]> {
    const words = line.split(' ');
    const script = `${prepare}
source <(m2v completion bash)
source <(m2v completion bash)
COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')})
COMP_CWORD=${words.length - 1} COMP_LINE='${line}' COMP_POINT=${line.length}
compopt() { echo "compopt $*" >&3; }
registered=$(complete -p m2v)
[[ $registered == *'-o default'* ]] || exit 7
function=\${registered##*-F }
\${function%% *} 3> /dev/null
printf '%s\\n' "\${COMPREPLY[@]}"`;
    const printed = await run('bash', ['--norc', '-c', script]);
    return printed.split('\n').filter((each) => each !== '');
  }

  it('completes commands, flags and values, even if it is loaded twice', async () => {
    expect(await offered('m2v em')).toEqual(['embed']);
    expect(await offered('m2v models p')).toEqual(['pull', 'path']);
    expect(await offered('m2v search --mo')).toEqual(['--mode', '--model']);
    expect(await offered('m2v search --mode ')).toEqual(['hybrid', 'dense', 'fullText']);
  });

  it('completes subfolders, and leaves files to bash', async () => {
    expect(await offered('m2v milvus start te')).toEqual(['texts-folder']);
    expect(await offered('m2v index te')).toEqual([]);
  });
});

describe.skipIf(!hasShell('zsh'))('the script for zsh', () => {
  it('loads and registers a completion', async () => {
    const script =
      'autoload -U compinit && compinit -D -u && source <(m2v completion zsh) && print $_comps[m2v]';
    expect(await run('zsh', ['-f', '-c', script])).toBe('_m2v\n');
  });
});

describe.skipIf(!hasShell('fish'))('the script for fish', () => {
  it('completes commands, flags and values', async () => {
    const offered = async (line: string): Promise<string[]> =>
      (await run('fish', ['--no-config', '-c', `m2v completion fish | source; complete -C '${line}'`]))
        .split('\n')
        .filter((each) => each !== '')
        .map((each) => each.split('\t')[0]!);
    expect(await offered('m2v models p')).toEqual(['path', 'pull']);
    expect((await offered('m2v search --mode ')).toSorted()).toEqual(['dense', 'fullText', 'hybrid']);
    expect(await offered('m2v index texts.t')).toEqual(['texts.txt']);
  });
});

it('refuses a shell without a script', async () => {
  const { stderr, code } = await m2v(['completion', 'csh']);
  expect([code, stderr]).toEqual([
    2,
    expect.stringMatching(/Allowed choices are bash, zsh, fish, powershell/),
  ]);
});
