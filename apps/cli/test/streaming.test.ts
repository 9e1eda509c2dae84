import { createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { m2v, temporaryFolder } from './run-m2v.js';

const LINES = 300_000;
const DIM = 256;
const MEBIBYTE = 1024 * 1024;

/** Prints the most memory that the process ever had, in KiB. */
const REPORT_MEMORY =
  'data:text/javascript,process.on("exit",()=>process.stderr.write(String(process.resourceUsage().maxRSS)))';

let folder: string;

beforeAll(async () => {
  folder = await temporaryFolder();
});

async function generate(lines: number): Promise<string> {
  const path = join(folder, `${lines}.txt`);
  const text = function* (): Generator<string> {
    for (let i = 0; i < lines; i++)
      yield `line ${i} of a long file about rivers, bridges and ${i * 7919} boats\n`;
  };
  await pipeline(Readable.from(text()), createWriteStream(path));
  return path;
}

async function memoryFor(lines: number, format: string): Promise<number> {
  const input = await generate(lines);
  const output = join(folder, `${lines}.${format}`);
  const { code, stderr } = await m2v(['embed', '--input', input, '--output', output], {
    nodeFlags: ['--import', REPORT_MEMORY],
  });
  expect([code, stderr]).toEqual([0, expect.stringMatching(/^\d+$/)]);
  expect((await stat(output)).size).toBe(lines * DIM * 4 + (format === 'npy' ? 128 : 0));
  return Number(stderr) * 1024;
}

describe('m2v embed, given a long file', () => {
  it('keeps one batch in memory, not the whole file', { timeout: 120_000 }, async () => {
    const few = await memoryFor(3_000, 'npy');
    const many = await memoryFor(LINES, 'npy');
    // The vectors alone are 293 MiB; the growth is uncollected garbage.
    expect(many).toBeLessThan(few + 120 * MEBIBYTE);
    expect(many).toBeLessThan(400 * MEBIBYTE);
  });
});
