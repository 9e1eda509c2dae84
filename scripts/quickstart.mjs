// From a fresh clone to vectors, to a search with Node alone, and to one in Milvus Lite: npm run quickstart
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { environment, fail, installProject, requireNode, root, runTurbo } from './project-install.mjs';

const m2v = join('apps', 'cli', 'dist', 'm2v.js');
/** Everything that the search leaves behind; nothing is put into the user's own folders. */
const folder = join(root, '.cache', 'quickstart');
const database = join(folder, 'milvus.db');

requireNode();
await installProject();
await runTurbo(
  'Building',
  ['run', 'build', '--filter=@model2vec-ts/cli', '--output-logs=errors-only'],
  'the build failed, see above; with a changed file, git status shows which',
);
process.stdout.write('\n');

const { code } = await run(['demo'], { shown: true });
if (code !== 0) fail('the example failed, see above; add --verbose to the command for the stack');
await searchFiles();
await searchInMilvusLite();
process.stdout.write(
  ['', '  npm test', '', 'The same from TypeScript: packages/embedding-function/README.md', ''].join('\n'),
);

/** Searches this project's own documents where they are, with Node alone. */
async function searchFiles() {
  const find = ['find', 'how are models from the Hub cached?', 'README.md', 'docs', '--limit', '3'];
  process.stdout.write(`\nA search in files, with nothing to set up\n\n  ${commandLine(find)}\n`);
  const { code } = await run(find, { shown: true });
  if (code !== 0) fail('the search failed, see above; add --verbose to the command for the stack');
}

/** Indexes this project's own documents, and searches them. */
async function searchInMilvusLite() {
  const target = relative(root, database);
  const index = ['index', 'README.md', 'docs', '--milvus', target, '--collection', 'docs'];
  const search = [
    'search',
    'how are models from the Hub cached?',
    '--milvus',
    target,
    '--collection',
    'docs',
  ];
  const commands = [index, [...search, '--limit', '3']];
  process.stdout.write(`\nA search in Milvus Lite, in the folder ${target}\n`);
  const { python, problem } = await pythonWithMilvusLite();
  if (problem !== undefined) {
    process.stdout.write(
      [
        `  It cannot run here: ${problem}`,
        '  With Python 3.10 or newer and its packages it would be:',
        ...[['milvus', 'setup'], ...commands].map((words) => `    ${commandLine(words)}`),
        '',
      ].join('\n'),
    );
    return;
  }
  // A person who calls the same again needs it, too.
  if (python !== undefined) process.stdout.write(`\n  export M2V_PYTHON=${python}`);
  for (const words of commands) {
    process.stdout.write(`\n  ${commandLine(words)}\n`);
    const { code } = await run(words, { env: python === undefined ? {} : own(python), shown: true });
    if (code !== 0) fail('the search failed, see above; add --verbose to the command for the stack');
  }
}

/** Nothing if the user has Milvus Lite; else the Python of one for this clone alone, which is set up where it is missing. */
async function pythonWithMilvusLite() {
  if (await pythonOf({})) return {};
  // What the tests have installed will do.
  const tested = join(root, '.cache', 'milvus-lite-venv');
  const there = existsSync(join(tested, 'installed.txt'))
    ? await pythonOf(own(tested))
    : await pythonOf(own());
  if (there !== undefined) return { python: there };
  process.stdout.write('  Setting up Milvus Lite for this clone, 500 MB of Python packages … ');
  const begun = performance.now();
  const { code, output } = await run(['milvus', 'setup', '--quiet'], { env: own() });
  const seconds = ((performance.now() - begun) / 1000).toFixed(1);
  process.stdout.write(code === 0 ? `${seconds} s\n` : 'not done\n');
  if (code !== 0) return { problem: output.trim().replace(/^m2v: /, '') };
  return { python: await pythonOf(own()) };
}

/** Settings by which m2v keeps to this clone's own folder. */
function own(python) {
  const share = join(folder, 'share');
  return {
    XDG_DATA_HOME: share,
    XDG_STATE_HOME: join(folder, 'state'),
    LOCALAPPDATA: share,
    ...(python === undefined ? {} : { M2V_PYTHON: python }),
  };
}

/** The Python that m2v would run Milvus Lite with, if there is one. */
async function pythonOf(env) {
  const { code, output } = await run(['milvus', 'status', '--json'], { env });
  return code === 0 ? JSON.parse(output).python?.path : undefined;
}

/** A command line as a person would type it here. */
function commandLine(words) {
  return ['node', m2v, ...words.map((word) => (/[^\w./:-]/.test(word) ? `"${word}"` : word))].join(' ');
}

/** Runs m2v, on the terminal where it is `shown`; else gives what it said. */
function run(words, { env = {}, shown = false }) {
  const child = spawn(process.execPath, [m2v, ...words], {
    cwd: root,
    env: { ...environment, ...env },
    stdio: shown ? 'inherit' : ['ignore', 'pipe', 'pipe'],
  });
  const output = [];
  child.stdout?.on('data', (part) => output.push(part));
  child.stderr?.on('data', (part) => output.push(part));
  return new Promise((resolve) => {
    child.on('close', (code) => resolve({ code, output: Buffer.concat(output).toString('utf8') }));
  });
}
