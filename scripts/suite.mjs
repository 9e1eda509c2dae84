import { spawn } from 'node:child_process';
import { createWriteStream, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { environment, root } from './project-install.mjs';

/** Folder of each suite's full output. */
const logs = join(root, '.cache/logs');

/** Runs a command without input. Returns its exit code and its output, and writes the output to a log file. */
function run(name, command, { cwd = root, env = {} } = {}) {
  mkdirSync(logs, { recursive: true });
  const log = createWriteStream(join(logs, `${name.replaceAll(/[^\w-]+/g, '-')}.log`));
  const [program, ...args] = command;
  return new Promise((done) => {
    const child = spawn(program, args, {
      cwd,
      env: { ...environment, NO_COLOR: '1', FORCE_COLOR: '0', CI: '1', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const parts = [];
    const take = (part) => {
      parts.push(part);
      log.write(part);
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    const end = (code, note) => {
      if (note) take(Buffer.from(`${note}\n`));
      log.end(() => done({ code, output: stripVTControlCharacters(Buffer.concat(parts).toString('utf8')) }));
    };
    child.on('error', (error) => end(1, error.message));
    child.on('close', (code, signal) => end(code ?? 1, signal && `ended by ${signal}`));
  });
}

/**
 * Runs one suite and prints a line for it, followed by its output if it failed.
 *
 * `count` reads the counts from the output; without it the suite counts as one test. A suite that exits with an error code
 * or counts no test has failed, regardless of its output.
 */
export async function suite(name, command, { count, ...options } = {}) {
  const started = Date.now();
  const { code, output } = await run(name, command, options);
  let {
    passed,
    failed,
    skipped = [],
    failures = [],
  } = count ? (count(output) ?? { passed: 0, failed: 0 }) : { passed: code === 0 ? 1 : 0, failed: 0 };
  if (failed === 0 && (code !== 0 || passed === 0)) failed = 1;
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  const counts = count ? `${passed} passed, ${failed} failed` : '';
  console.log(`${failed ? 'FAIL' : 'ok  '} ${name.padEnd(24)} ${seconds.padStart(7)} s  ${counts}`.trimEnd());
  // Failures come first, because often only the beginning of a long report is kept.
  for (const line of [...failures, ...skipped]) console.log(`     ${line}`);
  if (failed > 0) {
    console.log(`${output.trimEnd()}\n`.replace(/^/gm, '     | '));
    if (count && passed === 0) console.log(`     ${name} counted no test; it ended with code ${code}`);
  }
  return { passed, failed, output };
}

/** Prints the sum of all counts on a line of its own and sets the exit code. */
export function finish(results) {
  const passed = results.reduce((sum, result) => sum + result.passed, 0);
  const failed = results.reduce((sum, result) => sum + result.failed, 0);
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
}
