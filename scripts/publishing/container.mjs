import { cpSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from '../project-install.mjs';
import { answerProblems, must, TEXTS } from './consumer.mjs';
import { runProgram, startProgram } from './program.mjs';
import { freePort } from './registry.mjs';

const DOCKERFILE = join(root, 'examples/server/Dockerfile');
const STARTUP_MS = 60_000;

/**
 * Runs the container file without a container engine: its installation, and its entry point and health check in a root file
 * system of their own, which holds Node, its libraries and the installed program, is read-only, and belongs to another user.
 */
export async function checkContainer(registry, { scratch, report }) {
  const name = 'container file: read-only root, user without rights';
  const why = await whyNot();
  if (why !== undefined) {
    report.skip(name, why);
    return;
  }
  try {
    report.check(name, await containerProblems(join(scratch, 'container'), registry.npmrc));
  } catch (error) {
    report.check(name, [error.message]);
  }
  report.section('container');
}

/** Why this machine cannot make a file system read-only for one process; `undefined` if it can. */
async function whyNot() {
  if (process.platform !== 'linux') return 'needs Linux';
  if (process.getuid() !== 0) return 'needs root, to become another user';
  const { ok, output } = await runProgram('unshare', ['--mount', 'true']);
  return ok ? undefined : `unshare --mount failed: ${output.trim()}`;
}

async function containerProblems(folder, npmrc) {
  const file = instructions();
  const app = join(folder, file.workdir);
  mkdirSync(app, { recursive: true });
  writeFileSync(join(app, '.npmrc'), npmrc);
  await must('sh', ['-c', file.run], { cwd: app });
  await copyNode(folder);

  const port = await freePort();
  const inside = (user, [, ...args]) => [
    'unshare',
    ['--mount', '--propagation', 'private', 'sh', '-c', JAIL, 'sh', folder, user, ...args],
  ];
  const problems = [];
  const written = await runProgram(
    ...inside('0:0', ['node', '--eval', `require('node:fs').writeFileSync('${file.workdir}/x', '')`]),
  );
  if (!written.output.includes('EROFS')) problems.push(`root can write: ${written.output.trim()}`);

  const server = await start(...inside(file.user, [...file.entrypoint, '--port', String(port)]));
  try {
    problems.push(...userProblems(server.pid, file.user));
    problems.push(...(await answerOf(port)));
    const health = file.healthcheck.map((word) => word.replaceAll(':8080', `:${port}`));
    const { ok, output } = await runProgram(...inside(file.user, health));
    if (!ok) problems.push(`the health check failed: ${output.trim()}`);
  } finally {
    const code = await server.stop();
    if (code !== 0) problems.push(`SIGTERM ended it with code ${code}: ${server.said()}`);
  }
  return problems;
}

/** Mounts its own root read-only, with the system's /proc and /dev, and runs Node there as the user. */
const JAIL = `root=$1 user=$2; shift 2
mount --bind "$root" "$root" &&
mount --rbind /proc "$root/proc" && mount --rbind /dev "$root/dev" &&
mount -o remount,bind,ro "$root" &&
exec chroot --userspec="$user" --groups= "$root" /usr/local/bin/node "$@"`;

/** The instructions of the container file that are checked. */
function instructions() {
  const text = readFileSync(DOCKERFILE, 'utf8');
  const value = (pattern) => {
    const found = pattern.exec(text)?.[1];
    if (found === undefined) throw new Error(`${DOCKERFILE} has no line ${pattern}`);
    return found;
  };
  return {
    workdir: value(/^WORKDIR (.+)$/m),
    run: value(/^RUN (.+)$/m),
    user: value(/^USER (\d+:\d+)$/m),
    healthcheck: JSON.parse(value(/^HEALTHCHECK CMD (\[.+\])$/m)),
    entrypoint: JSON.parse(value(/^ENTRYPOINT (\[.+\])$/m)),
  };
}

/** Copies Node and the libraries that it is linked with into a root file system. */
async function copyNode(folder) {
  for (const name of ['proc', 'dev', 'tmp']) mkdirSync(join(folder, name), { recursive: true });
  const copy = (from, to) => {
    mkdirSync(dirname(join(folder, to)), { recursive: true });
    cpSync(realpathSync(from), join(folder, to));
  };
  copy(process.execPath, '/usr/local/bin/node');
  const { ok, stdout } = await runProgram('ldd', [process.execPath]);
  if (!ok) return; // Linked statically.
  for (const [, library] of stdout.matchAll(/(\/\S+) \(0x/g)) copy(library, library);
}

/** Starts the server and waits until it serves. */
function start(program, args) {
  let said = '';
  return new Promise((resolve, reject) => {
    const onOutput = (chunk) => {
      said += chunk;
      if (!said.includes('serving ')) return;
      clearTimeout(timer);
      resolve({ pid: child.pid, said: () => said, stop });
    };
    const child = startProgram(program, args, { onOutput });
    const ended = new Promise((done) => {
      child.on('close', done);
    });
    const stop = () => {
      child.kill('SIGTERM');
      return ended;
    };
    const timer = setTimeout(() => child.kill('SIGKILL'), STARTUP_MS);
    void ended.then((code) => reject(new Error(`the entry point ended with code ${code}: ${said}`)));
  });
}

function userProblems(pid, user) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const field = (name) => new RegExp(`^${name}:\\s*(.*)$`, 'm').exec(status)[1].trim();
  const problems = [];
  const [uid] = user.split(':');
  if (field('Uid').split(/\s+/)[0] !== uid) problems.push(`it runs as user ${field('Uid')} and not ${uid}`);
  if (!/^0+$/.test(field('CapEff'))) problems.push(`it has the capabilities ${field('CapEff')}`);
  return problems;
}

/** Embeds the texts with Ollama's interface, which also takes empty ones, and compares the vectors with Python's. */
async function answerOf(port) {
  const response = await fetch(`http://127.0.0.1:${port}/api/embed`, {
    method: 'POST',
    body: JSON.stringify({ model: 'minilm-l6', input: TEXTS }),
  });
  const { embeddings, error } = await response.json();
  if (embeddings === undefined) return [`status ${response.status}: ${error}`];
  return answerProblems({ kernel: 'wasm', embeddings: embeddings.map((row) => row.map(Math.fround)) });
}
