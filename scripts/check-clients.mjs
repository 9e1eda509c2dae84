#!/usr/bin/env node
// Real clients against a running `m2v serve`, and frameworks with the integrations: programs of scripts/clients, in a
// folder of their own, because the clients bring hundreds of packages that the workspace has no use for. Also compiles the
// documented snippets that need such packages. Prints 'N passed, N failed'.
//   node scripts/check-clients.mjs [PROGRAM...] [snippets]
import { spawn, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { basename, dirname, join } from 'node:path';
import { lastCounts } from './counts.mjs';
import { MODEL, startServer } from './m2v-server.mjs';
import { environment, root, runTurbo } from './project-install.mjs';
import { preparePythonEnvironment } from './python-environment.mjs';
import { finish, suite } from './suite.mjs';

const sources = join(root, 'scripts/clients');
const folder = join(root, '.cache/clients');

const TEXTS = [
  'Alan Turing was the first person to conduct substantial research in AI.',
  'Born in Maida Vale, London, Turing was raised in southern England.',
  'Milvus stores vectors and finds the nearest ones.',
  'naïve café, 日本語 and emoji 😀',
  'a',
];

const chosen = process.argv.slice(2);
await runTurbo(
  'Building',
  [
    ...['run', 'build', '--output-logs=errors-only'],
    ...['cli', 'integrations'].map((name) => `--filter=@model2vec-ts/${name}`),
  ],
  'the build failed, see above',
);
const python = preparePythonEnvironment({
  directory: join(root, '.cache/clients-python'),
  requirements: join(sources, 'requirements.txt'),
});
installClients();
const expected = await writeExpected();
const server = await startServer();
const chroma = await startChroma();
const env = {
  M2V_CLIENTS_URL: server.url,
  M2V_CLIENTS_EXPECTED: expected,
  M2V_CLIENTS_MODEL: MODEL,
  M2V_CLIENTS_CHROMA: chroma.address,
  M2V_CLIENTS_PYTHON: python,
};
const results = [];
try {
  const shared = ['checks.mjs', 'embedder.mjs'];
  const programs = readdirSync(sources).filter((file) => /\.(mjs|py)$/.test(file) && !shared.includes(file));
  for (const file of programs) {
    const name = basename(file).replace(/\.\w+$/, '');
    if (chosen.length > 0 && !chosen.includes(name)) continue;
    const command = file.endsWith('.py') ? [python, '-X', 'utf8', file] : [process.execPath, file];
    results.push(await suite(`client ${name}`, command, { count: lastCounts, cwd: folder, env }));
  }
} finally {
  server.stop();
  chroma.stop();
}
if (chosen.length === 0 || chosen.includes('snippets')) results.push(await snippets());
finish(results);

/**
 * Documented snippets of frameworks, compiled, and run where they need no server and no native add-on. Configuration of
 * n8n, Continue and Open WebUI has no compiler.
 */
function snippets() {
  const frameworks = join(root, '.cache/frameworks');
  // LanceDB's types need no add-on, which weighs as much as all the others.
  install('frameworks.json', frameworks, '--omit=optional');
  const command = [process.execPath, join(root, 'scripts/check-examples.mjs'), '--clients', frameworks];
  return suite('documented snippets', command, { count: lastCounts });
}

/** Installs the packages of a manifest into a folder once, and again when their versions change. */
function install(manifestFile, into, ...more) {
  mkdirSync(into, { recursive: true });
  const manifest = readFileSync(join(sources, manifestFile), 'utf8');
  const stamp = join(into, 'installed.json');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === manifest) return;
  rmSync(join(into, 'node_modules'), { recursive: true, force: true });
  writeFileSync(join(into, 'package.json'), manifest);
  const flags = ['--no-audit', '--no-fund', '--ignore-scripts', '--legacy-peer-deps', ...more];
  const { status, stderr } = spawnSync('npm', ['install', ...flags], {
    cwd: into,
    env: environment,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  if (status !== 0) throw new Error(`${manifestFile} cannot be installed: ${stderr}`);
  // Last, so that an interrupted installation is made again.
  writeFileSync(stamp, manifest);
}

/** Installs the clients, and puts the built packages beside them. */
function installClients() {
  install('package.json', folder);
  const scope = join(folder, 'node_modules/@model2vec-ts');
  rmSync(scope, { recursive: true, force: true });
  mkdirSync(scope, { recursive: true });
  for (const name of readdirSync(join(root, 'packages'))) {
    const source = join(root, 'packages', name);
    // A copy, whose imports find the frameworks that are installed here.
    if (name !== 'integrations') symlinkSync(source, join(scope, name), 'junction');
    else
      for (const part of ['package.json', 'dist'])
        cpSync(join(source, part), join(scope, name, part), { recursive: true });
  }
  for (const file of readdirSync(sources))
    if (/\.(mjs|py)$/.test(file)) cpSync(join(sources, file), join(folder, file));
}

/** The facade's embeddings of the texts. */
async function writeExpected() {
  const { Model2VecEmbeddingFunction } = await import(
    join(root, 'packages/embedding-function/dist/node/index.js')
  );
  const embedder = await Model2VecEmbeddingFunction.create({ modelSource: MODEL });
  const rows = [...(await embedder.encode(TEXTS))].map((row) => [...row]);
  await embedder.close();
  const file = join(folder, 'expected.json');
  writeFileSync(file, JSON.stringify({ texts: TEXTS, rows }));
  return file;
}

async function startChroma() {
  const port = await freePort();
  const data = join(folder, 'chroma');
  rmSync(data, { recursive: true, force: true });
  const program = join(dirname(python), process.platform === 'win32' ? 'chroma.exe' : 'chroma');
  const child = spawn(program, ['run', '--path', data, '--host', '127.0.0.1', '--port', String(port)], {
    stdio: 'ignore',
    env: { ...environment, ANONYMIZED_TELEMETRY: 'False' },
  });
  const address = `127.0.0.1:${port}`;
  for (let i = 0; i < 600; i++) {
    const alive = await fetch(`http://${address}/api/v2/heartbeat`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (alive) break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return { address, stop: () => child.kill() };
}

function freePort() {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}
