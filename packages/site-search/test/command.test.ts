import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openSiteSearch } from '../src/browser.js';

/** The built command, as `npx` runs it. */
const COMMAND = fileURLToPath(new URL('../dist/command.js', import.meta.url));

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'site-search-command-'));
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

function siteSearch(
  ...args: readonly string[]
): Promise<readonly [code: number, out: string, error: string]> {
  return new Promise((resolve) => {
    execFile(process.execPath, [COMMAND, ...args], (error, stdout, stderr) => {
      resolve([typeof error?.code === 'number' ? error.code : error === null ? 0 : -1, stdout, stderr]);
    });
  });
}

it('indexes the pages of a folder, and says what it wrote', async () => {
  writeFileSync(join(folder, 'cats.html'), '<h1>Cats</h1><p>A veterinarian treats a cat that is ill.');
  writeFileSync(join(folder, 'ships.html'), '<h1>Ships</h1><p>A sailor leaves the harbour at dawn.');
  const [code, out, error] = await siteSearch(folder);
  expect([code, error]).toEqual([0, '']);
  expect(out).toMatch(/site-search: 2 pages, 2 passages, \d+ files, \d+\.\d MB\n$/);
  const site = await openSiteSearch(pathToFileURL(join(folder, 'site-search/')), {
    fetch: async (url) => new Response(readFileSync(url)),
  });
  const [hit] = await site.search('my pet needs a doctor');
  expect(hit?.title).toBe('Cats');
});

it('explains its options', async () => {
  const [code, out] = await siteSearch('--help');
  expect(code).toBe(0);
  expect(out).toMatch(/^usage: site-search FOLDER/);
});

it.each([
  ['no folder', [], 2, 'site-search: expected one folder; see site-search --help\n'],
  ['an unknown option', ['.', '--colour'], 2, /^site-search: Unknown option '--colour'/],
  ['a folder without pages', ['EMPTY'], 1, /^site-search: .*page/],
  ['a folder that does not exist', ['no-such-folder'], 1, /^site-search: .*no-such-folder/],
  ['dimensions that are no number', ['.', '--dimensions', 'many'], 1, /^site-search: .*dimensions/],
] as const)('refuses %s, and writes nothing', async (_, args, code, message) => {
  const empty = mkdtempSync(join(folder, 'empty-'));
  const [found, out, error] = await siteSearch(...args.map((each) => (each === 'EMPTY' ? empty : each)));
  expect([found, out, error]).toEqual([
    code,
    '',
    typeof message === 'string' ? message : expect.stringMatching(message),
  ]);
  expect(existsSync(join(empty, 'site-search'))).toBe(false);
});
