import { spawn } from 'node:child_process';
import { stripVTControlCharacters } from 'node:util';
import { environment } from '../project-install.mjs';

const onWindows = process.platform === 'win32';

/** Variables that npm sets for its scripts, and that a nested npm would misread as settings. */
const OF_ANOTHER_NPM =
  /^npm_(?:config_(?:local_prefix|global_prefix|prefix|noproxy)|lifecycle_.*|package_.*|command)$/i;

const inherited = Object.fromEntries(
  Object.entries(environment).filter(([name]) => !OF_ANOTHER_NPM.test(name)),
);

/** Environment of installed programs: no colours, no telemetry, no proxy for the loopback address. */
const plainEnvironment = {
  ...inherited,
  NO_COLOR: '1',
  FORCE_COLOR: '0',
  CI: '1',
  NEXT_TELEMETRY_DISABLED: '1',
  NO_PROXY: [environment.NO_PROXY ?? environment.no_proxy, '127.0.0.1', 'localhost']
    .filter(Boolean)
    .join(','),
  npm_config_update_notifier: 'false',
  npm_config_fund: 'false',
  npm_config_audit: 'false',
};

/** Starts a program without input; `onOutput` receives its output as it arrives. */
export function startProgram(program, args, { cwd, env = {}, onOutput = () => {} }) {
  const child = spawn(program, args, {
    cwd,
    env: { ...plainEnvironment, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    // npm and similar programs are batch files on Windows, which need a shell.
    shell: onWindows && !program.endsWith('.exe'),
  });
  child.stdout.on('data', (chunk) => onOutput(chunk, 'stdout'));
  child.stderr.on('data', (chunk) => onOutput(chunk, 'stderr'));
  return child;
}

/** Runs a program to its end. Returns `{ ok, stdout, output }`, where `output` includes standard error. */
export function runProgram(program, args, { cwd, env, timeout = 300_000 } = {}) {
  return new Promise((resolve) => {
    const stdout = [];
    const all = [];
    const onOutput = (chunk, stream) => {
      all.push(chunk);
      if (stream === 'stdout') stdout.push(chunk);
    };
    const child = startProgram(program, args, { cwd, env, onOutput });
    const timer = setTimeout(() => {
      all.push(Buffer.from(`\nended after ${timeout / 1000} s`));
      child.kill('SIGKILL');
    }, timeout);
    const text = (chunks) => stripVTControlCharacters(Buffer.concat(chunks).toString('utf8'));
    child.on('error', (error) => {
      clearTimeout(timer);
      resolve({ ok: false, stdout: '', output: error.message });
    });
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve({ ok: code === 0, stdout: text(stdout), output: text(all) });
    });
  });
}
