import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { m2v, temporaryFolder } from './run-m2v.js';

it('escapes control characters of files and names, even in the stack of --verbose', async () => {
  const folder = await temporaryFolder();
  const evil = 'x\u001b]0;pwn\u0007\u009b31m';
  await writeFile(join(folder, 'rows.jsonl'), `{"${evil}":1}\n`);
  const calls: readonly (readonly string[])[] = [
    ['embed', '--input', `${evil}.txt`],
    ['embed', '--input', 'rows.jsonl'],
    ['embed', 'a', '--model', `./${evil}`],
    ['embed', `--${evil}`],
    ['plot', 'rows.jsonl', '--output', `${evil}.svg`, '--color-by', evil],
  ];
  for (const args of calls) {
    const { code, stderr } = await m2v([...args, '--verbose'], { cwd: folder });
    expect([1, 2]).toContain(code);
    expect(stderr).not.toMatch(/[^\P{Cc}\n]/u);
  }
});
