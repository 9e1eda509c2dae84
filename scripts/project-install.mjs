// Prepares a fresh clone for scripts: checks Node, installs packages, builds. It imports only Node's modules, because nothing
// else is installed yet.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's folder. */
export const root = fileURLToPath(new URL('..', import.meta.url));

const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** Environment of child processes: the workspace's tools are on the PATH; telemetry and update notices are off. */
export const environment = {
  ...process.env,
  PATH: join(root, 'node_modules', '.bin') + delimiter + (process.env.PATH ?? ''),
  TURBO_TELEMETRY_DISABLED: '1',
  TURBO_NO_UPDATE_NOTIFIER: '1',
  DO_NOT_TRACK: '1',
  NO_UPDATE_NOTIFIER: '1',
};

/** Exits with a message if Node is older than the project supports. */
export function requireNode() {
  const wanted = manifest.engines.node.replace(/^>=/, '');
  const [major, minor] = wanted.split('.').map(Number);
  const [hasMajor, hasMinor] = process.versions.node.split('.').map(Number);
  if (hasMajor > major || (hasMajor === major && hasMinor >= minor)) return;
  fail(
    `this needs Node ${wanted} or newer and runs on ${process.versions.node}; get one from https://nodejs.org`,
  );
}

/** Installs the packages of pnpm-lock.yaml, with the pnpm version of package.json. */
export async function installProject() {
  const version = manifest.packageManager.replace(/^pnpm@/, '').replace(/\+.*$/, '');
  const args = ['install', '--frozen-lockfile'];
  const remedy =
    'the packages could not be installed; check the network and the npm registry, then try again';
  // The first install includes pnpm, so later ones need not download it.
  const own = join(root, 'node_modules', 'pnpm', 'package.json');
  if (existsSync(own) && JSON.parse(readFileSync(own, 'utf8')).version === version) {
    const pnpm = join(root, 'node_modules', 'pnpm', 'bin', 'pnpm.cjs');
    await step('Installing packages', process.execPath, [pnpm, ...args], remedy);
  } else {
    await step('Installing packages', 'npx', ['--yes', `pnpm@${version}`, ...args], remedy);
  }
}

/** Runs tasks of the packages with Turborepo, such as `['run', 'build']`. */
export async function runTurbo(title, args, remedy) {
  const turbo = join(root, 'node_modules', 'turbo', 'bin', 'turbo');
  await step(title, process.execPath, [turbo, ...args], remedy);
}

/**
 * Runs a program silently and prints one line with its duration. If the program fails, prints its output and `remedy`, and
 * exits with code 1.
 */
export async function step(title, command, args, remedy) {
  process.stdout.write(`${title} … `);
  const begun = performance.now();
  const { ok, output } = await run(command, args);
  const seconds = ((performance.now() - begun) / 1000).toFixed(1);
  if (ok) {
    process.stdout.write(`${seconds} s\n`);
    return;
  }
  process.stdout.write(`failed after ${seconds} s\n\n${output.trimEnd()}\n\n`);
  fail(remedy);
}

/** Prints a message and exits with code 1. */
export function fail(message) {
  process.stderr.write(`model2vec-ts: ${message}\n`);
  process.exit(1);
}

function run(command, args) {
  // On Windows npx is a batch file, which needs a shell; a single command line avoids Node's warning about that.
  const shell = process.platform === 'win32' && command === 'npx';
  const child = shell
    ? spawn([command, ...args].join(' '), { cwd: root, env: environment, shell })
    : spawn(command, args, { cwd: root, env: environment });
  const output = [];
  child.stdout.on('data', (chunk) => output.push(chunk));
  child.stderr.on('data', (chunk) => output.push(chunk));
  return new Promise((resolve) => {
    child.on('error', (error) => resolve({ ok: false, output: `${command}: ${error.message}` }));
    child.on('close', (code) => resolve({ ok: code === 0, output: Buffer.concat(output).toString('utf8') }));
  });
}
