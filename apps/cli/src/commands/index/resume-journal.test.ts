import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ResumeJournal, type RunIdentity } from './resume-journal.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'm2v-journal-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const IDENTITY: RunIdentity = {
  files: [{ path: 'a.txt', format: 'text', isNamed: false, size: 10, changed: 5 }],
  settings: { collection: 'notes' },
};

const fail = (error: Error): void => {
  throw error;
};

const journal = (identity: RunIdentity = IDENTITY): ResumeJournal =>
  ResumeJournal.of(identity, folder, fail)!;

function note(target: ResumeJournal, found: number, samples: string[], rejects = 0): void {
  const reject = { file: 0, line: 1, id: undefined, code: 'x', reason: 'y' };
  target.note(
    { place: { file: 0, found }, position: found * 10, samples, rejects: Array(rejects).fill(reject) },
    rejects * 100,
  );
  target.write();
}

it('returns the latest entry, with rejects summed over runs', () => {
  const first = journal();
  expect(first.read()).toBeUndefined();
  note(first, 10, ['a'], 2);
  const second = journal();
  expect(second.read()).toEqual({
    place: { file: 0, found: 10 },
    position: 100,
    rejected: 2,
    rejectsBytes: 200,
    samples: ['a', 'a'],
  });
  note(second, 20, ['b'], 1);
  expect(journal().read()).toMatchObject({ place: { file: 0, found: 20 }, rejected: 3 });
  second.remove();
  expect(journal().read()).toBeUndefined();
});

it('differs by file, size, time and settings, and does not exist for a pipe', () => {
  note(journal(), 10, []);
  const [file] = IDENTITY.files;
  for (const change of [{ path: 'b.txt' }, { size: 11 }, { changed: 6 }, { format: 'csv' as const }]) {
    expect(journal({ ...IDENTITY, files: [{ ...file!, ...change }] }).read()).toBeUndefined();
  }
  expect(journal({ ...IDENTITY, settings: { collection: 'other' } }).read()).toBeUndefined();
  expect(journal().read()).toBeDefined();
  expect(ResumeJournal.of({ ...IDENTITY, files: [{ ...file!, path: '-' }] }, folder, fail)).toBeUndefined();
});

it('ignores a damaged file', async () => {
  note(journal(), 10, ['a']);
  const [name] = await readdir(folder);
  const whole = await readFile(join(folder, name!), 'utf8');
  for (const content of [
    '',
    whole.slice(0, 30),
    '[]',
    whole.replace('"form":1', '"form":2'),
    whole.replace('10', '-10'),
  ]) {
    await writeFile(join(folder, name!), content);
    expect(journal().read()).toBeUndefined();
  }
});

it('keeps a bounded number of samples, from the whole run and from its end', () => {
  const long = journal();
  for (let i = 0; i < 10_000; i++) note0(long, i);
  long.write();
  const { samples } = journal().read()!;
  expect(samples.length).toBeLessThan(100);
  expect(samples.slice(-16)).toEqual(Array.from({ length: 16 }, (_, i) => `id ${9984 + i}`));
  const numbers = samples.slice(0, -16).map((id) => Number(id.slice(3)));
  for (let tenth = 0; tenth < 10; tenth++) {
    expect(numbers.some((number) => Math.floor(number / 1000) === tenth)).toBe(true);
  }
});

function note0(target: ResumeJournal, i: number): void {
  target.note({ place: { file: 0, found: i }, position: i, samples: [`id ${i}`], rejects: [] }, 0);
}
