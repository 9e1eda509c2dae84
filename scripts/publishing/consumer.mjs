import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runProgram } from './program.mjs';

const templates = fileURLToPath(new URL('consumers', import.meta.url));
const { texts, embeddings: reference } = JSON.parse(
  readFileSync(new URL('fixtures/expected.json', import.meta.url), 'utf8'),
);

/** Texts that consumers embed. */
export const TEXTS = texts;

/** Copies a template into an empty folder, with the texts to embed and the address to install from. */
export function makeConsumer(template, folder, npmrc) {
  mkdirSync(folder);
  cpSync(join(templates, template), folder, { recursive: true });
  writeFileSync(join(folder, 'texts.json'), JSON.stringify(texts));
  writeFileSync(join(folder, '.npmrc'), npmrc);
}

/** Runs a program and returns its standard output; throws if the program fails. */
export async function must(program, args, options) {
  const { ok, stdout, output } = await runProgram(program, args, options);
  if (!ok) throw new Error(`${[program, ...args].join(' ')} failed:\n${output.trim()}`);
  return stdout;
}

export const installWithNpm = (folder) =>
  must('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: folder });

/** Returns the last line of a program's output, which is its answer. */
export const answerIn = (stdout) => JSON.parse(stdout.trim().split('\n').at(-1));

/** Describes how an answer differs from Python's vectors of the same texts; `undefined` if all bits are equal. */
export function answerProblems({ kernel, embeddings }) {
  const problems = kernel === 'wasm' ? [] : [`the kernel is ${kernel} and not wasm`];
  if (embeddings.length !== texts.length) return [...problems, `${embeddings.length} rows`];
  for (const [i, row] of embeddings.entries()) {
    const expected = reference[i];
    const at = expected.findIndex((value, j) => value !== row[j]);
    if (row.length !== expected.length) problems.push(`row ${i} has ${row.length} numbers`);
    else if (at >= 0) problems.push(`row ${i}, column ${at} is ${row[at]} and not ${expected[at]}`);
  }
  return problems;
}
