import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const OLDEST = [3, 10];

/** Returns the command of a recent enough Python, with the arguments that select it. */
function findPython() {
  const candidates =
    process.platform === 'win32' ? [['py', '-3'], ['python'], ['python3']] : [['python3'], ['python']];
  const found = [];
  for (const [command, ...selection] of candidates) {
    const program = 'import sys; print(".".join(map(str, sys.version_info[:3])))';
    const { stdout, status } = spawnSync(command, [...selection, '-c', program], { encoding: 'utf8' });
    if (status !== 0) continue;
    const version = stdout.trim();
    const [major, minor] = version.split('.').map(Number);
    if (major === OLDEST[0] && minor >= OLDEST[1]) return [command, ...selection];
    found.push(`${command} is ${version}`);
  }
  throw new Error(
    `Python ${OLDEST.join('.')} or newer is needed to compare with the reference; ${found.join(', ') || 'none was found'}. Install one from python.org and try again.`,
  );
}

/**
 * Creates a virtual environment with exactly the packages of a requirements file, and recreates it when the file changes.
 * Returns the path of its Python. Without `dependencies`, what those packages depend on is left out.
 */
export function preparePythonEnvironment({ directory, requirements, dependencies = true }) {
  const wanted = readFileSync(requirements, 'utf8');
  const stamp = join(directory, 'installed-requirements.txt');
  const python =
    process.platform === 'win32'
      ? join(directory, 'Scripts', 'python.exe')
      : join(directory, 'bin', 'python');
  if (existsSync(python) && existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return python;
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(dirname(directory), { recursive: true });
  const [command, ...selection] = findPython();
  // The error carries the output if the step fails; otherwise it is of no interest.
  const run = (program, args) =>
    execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  run(command, [...selection, '-m', 'venv', directory]);
  run(python, [
    '-m',
    'pip',
    'install',
    '--quiet',
    '--disable-pip-version-check',
    ...(dependencies ? [] : ['--no-deps']),
    '--requirement',
    requirements,
  ]);
  // Written last, so that an interrupted installation is repeated.
  writeFileSync(stamp, wanted);
  return python;
}
