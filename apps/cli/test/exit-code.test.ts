import { spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { ended, M2V, m2v, temporaryFolder } from './run-m2v.js';

let folder: string;

beforeAll(async () => {
  folder = await temporaryFolder();
});

/** Runs m2v in a Node process that first loads a module which changes it. */
async function runAfter(module: string, args: readonly string[]): ReturnType<typeof m2v> {
  const path = join(folder, `before-${args.length}-${module.length}.mjs`);
  await writeFile(path, module);
  return m2v(args, {
    nodeFlags: ['--import', pathToFileURL(path).href],
    env: { HF_HUB_CACHE: join(folder, 'cache'), HF_HUB_OFFLINE: '' },
  });
}

/** A module that runs a statement in its own callback, as soon as the program prints something. */
function onFirstOutput(statement: string): string {
  return `const write = process.stdout.write;
process.stdout.write = (...given) => {
  process.stdout.write = write;
  setImmediate(() => { ${statement}; });
  return write.apply(process.stdout, given);
};`;
}

describe('the exit code', () => {
  it('is 1 with one line if the work never settles', async () => {
    // Node's file reads never call back, so loading the model waits forever with nothing left to do.
    const never = "process.getBuiltinModule('node:fs').read = () => {};";
    const { code, stdout, stderr } = await runAfter(never, ['embed', 'a']);
    expect([code, stdout.toString(), stderr]).toEqual([
      1,
      '',
      'm2v: unexpected: the work stopped without a result; please report it\n',
    ]);
  });

  it('is 1 with one line if an error has no handler', async () => {
    const broken = onFirstOutput("throw new RangeError('a planted bug')");
    const { code, stderr } = await runAfter(broken, ['embed', 'a']);
    expect([code, stderr]).toEqual([
      1,
      'm2v: unexpected RangeError: a planted bug; please report it with the output of --verbose\n',
    ]);
  });

  it('is 1 with one line if a rejection has no handler', async () => {
    const broken = onFirstOutput("Promise.reject(new RangeError('a planted rejection'))");
    const { code, stderr } = await runAfter(broken, ['embed', 'a']);
    expect([code, stderr]).toEqual([
      1,
      'm2v: unexpected RangeError: a planted rejection; please report it with the output of --verbose\n',
    ]);
  });

  it('is 130 after Ctrl-C at a question', async () => {
    const ctrlC = `
import os, pty, sys
def typed(fd):
    data = os.read(fd, 4096)
    if b"[y/N]" in data:
        os.write(fd, b"\\x03")
    return data
status = pty.spawn(sys.argv[1:], typed)
print("exit", os.waitstatus_to_exitcode(status))
`;
    const cache = join(folder, 'hub');
    const snapshot = join(cache, 'models--org--mini', 'snapshots', 'a'.repeat(40));
    await mkdir(snapshot, { recursive: true });
    await mkdir(join(cache, 'models--org--mini', 'refs'));
    await writeFile(join(cache, 'models--org--mini', 'refs', 'main'), 'a'.repeat(40));
    await writeFile(join(snapshot, 'config.json'), '{}');
    const args = ['-c', ctrlC, process.execPath, M2V, 'models', 'rm', 'org/mini', '--cache-dir', cache];
    const { stdout } = await ended(spawn('python3', args, { stdio: ['ignore', 'pipe', 'pipe'] }));
    expect(stdout.toString()).toMatch(/Remove org\/mini .*\[y\/N\] [\s\S]*exit 130/);
  });
});

describe('the output of an error', () => {
  it('cannot control the terminal, even with --verbose', async () => {
    const name = '\u001b31mred\u0007\u202e.txt';
    const { code, stderr } = await m2v(['embed', '--input', name, '--verbose'], { cwd: folder });
    expect(code).toBe(1);
    expect(stderr).toContain('cannot read \ufffd31mred\ufffd\ufffd.txt: there is no such file');
    expect(stderr).toContain('caused by: ');
    expect(stderr).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
  });
});
