import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { findBrowser, installBrowser } from '../browser.mjs';
import { root } from '../project-install.mjs';
import { serveFolder } from '../static-server.mjs';
import { answerIn, answerProblems, installWithNpm, makeConsumer, must } from './consumer.mjs';
import { serveModel } from './model-server.mjs';
import { answerOfPage } from './page.mjs';
import { runProgram, startProgram } from './program.mjs';
import { freePort } from './registry.mjs';
import { sideBySide } from './side-by-side.mjs';
import { entryPoints } from './workspace.mjs';

/** Consumers spend half of their time waiting for npm, so two run at once. */
const AT_A_TIME = 2;

/** Returns the path of a tool that npm installed in a project. */
const installed = (folder, file) => [process.execPath, [join(folder, 'node_modules', file)]];

/** Runs a tool that npm installed in a project. */
function tool(folder, file, ...args) {
  const [program, [path]] = installed(folder, file);
  return must(program, [path, ...args], { cwd: folder });
}

/** Writes a program that imports every entry point of the packages that the project depends on. */
function writeEntries(folder, specifiers) {
  const { dependencies } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const exported = specifiers
    .filter((specifier) => dependencies[specifier.split('/').slice(0, 2).join('/')] !== undefined)
    .map((specifier, i) => `export * as entry${i} from '${specifier}';\n`);
  writeFileSync(join(folder, 'entries.ts'), exported.join(''));
}

/** The old resolution finds no types, and the compiler must name the settings that do. */
async function requireRefusalOfNode10(folder) {
  const [program, [compiler]] = installed(folder, 'typescript/bin/tsc');
  const options = ['--noEmit', '--module', 'commonjs', '--moduleResolution', 'node10', '--skipLibCheck'];
  const { ok, output } = await runProgram(program, [compiler, ...options, 'page.ts'], { cwd: folder });
  if (ok || !/Consider updating to 'node16', 'nodenext', or 'bundler'/.test(output))
    throw new Error(`node10 must be refused with advice:\n${output}`);
}

const CONSUMERS = [
  {
    name: 'Node, import',
    template: 'program',
    async embed({ folder }) {
      await installWithNpm(folder);
      return answerIn(await must(process.execPath, ['main.js'], { cwd: folder }));
    },
  },
  {
    name: 'Node, require',
    template: 'require',
    async embed({ folder }) {
      await installWithNpm(folder);
      return answerIn(await must(process.execPath, ['main.cjs'], { cwd: folder }));
    },
  },
  {
    name: 'TypeScript, nodenext and bundler',
    template: 'typescript',
    async embed({ folder, specifiers }) {
      await installWithNpm(folder);
      writeEntries(folder, specifiers);
      await tool(folder, 'typescript/bin/tsc', '-p', 'tsconfig.bundler.json');
      await tool(folder, 'typescript/bin/tsc', '-p', 'tsconfig.nodenext.json');
      await requireRefusalOfNode10(folder);
      await must(process.execPath, ['out/common.cjs'], { cwd: folder });
      await must(process.execPath, ['out/entries.js'], { cwd: folder });
      return answerIn(await must(process.execPath, ['out/main.js'], { cwd: folder }));
    },
  },
  {
    name: 'TypeScript 5.9 and 7, without DOM and without skipLibCheck',
    template: 'typescript-without-dom',
    async embed({ folder, specifiers }) {
      await installWithNpm(folder);
      writeEntries(folder, specifiers);
      for (const compiler of ['typescript', 'typescript-7'])
        await tool(folder, `${compiler}/bin/tsc`, '-p', '.');
      return undefined;
    },
  },
  {
    name: 'Vite, in a browser',
    template: 'vite',
    async embed({ folder, browser }) {
      await installWithNpm(folder);
      await tool(folder, 'vite/bin/vite.js', 'build', '--logLevel', 'warn');
      if (browser === undefined) return undefined;
      const server = await serveFolder(join(folder, 'dist'));
      try {
        return await answerOfPage(browser, server.address);
      } finally {
        await server.close();
      }
    },
  },
  {
    name: 'webpack, Rspack, esbuild, Rollup, Rolldown and Bun, in a browser',
    template: 'bundlers',
    large: true,
    async embed({ folder, browser }) {
      await installWithNpm(folder);
      await must(process.execPath, ['build.mjs'], { cwd: folder });
      if (browser === undefined) return undefined;
      const answers = [];
      for (const name of readdirSync(join(folder, 'out'))) {
        const server = await serveFolder(join(folder, 'out', name), { isolated: true });
        try {
          answers.push(await answerOfPage(browser, server.address));
        } catch (error) {
          throw new Error(`${name}: ${error.message}`);
        } finally {
          await server.close();
        }
      }
      return answers;
    },
  },
  {
    name: 'esbuild and Vite, for servers',
    template: 'bundle',
    async embed({ folder }) {
      await installWithNpm(folder);
      const options = [
        '--bundle',
        '--platform=node',
        '--format=esm',
        '--outfile=esbuild.mjs',
        '--log-level=error',
      ];
      await must(join(folder, 'node_modules/.bin/esbuild'), ['main.js', ...options], { cwd: folder });
      const env = { MODEL: dirname(modelFiles(folder)[0]) };
      const bundled = await runProgram(process.execPath, ['esbuild.mjs'], { cwd: folder, env });
      if (bundled.output.match(/Embedding threads cannot start/g)?.length !== 1)
        throw new Error(`a bundle without the worker's file must warn once:\n${bundled.output}`);
      await tool(folder, 'vite/bin/vite.js', 'build', '--logLevel', 'warn');
      const built = await must(process.execPath, ['out/main.js'], { cwd: folder });
      return [answerIn(bundled.stdout), answerIn(built)];
    },
  },
  {
    name: 'Next.js, in a route, in an edge route and in a page',
    template: 'next',
    async embed({ folder, browser }) {
      await installWithNpm(folder);
      await tool(folder, 'next/dist/bin/next', 'build');
      const address = `http://127.0.0.1:${await freePort()}/`;
      const server = await startNext(folder, new URL(address).port);
      const answerOfRoute = async (path) => {
        const response = await fetch(`${address}${path}`);
        if (!response.ok) throw new Error(`/${path} answers ${response.status}\n${server.output()}`);
        return await response.json();
      };
      const modelServer = await serveModel(modelFiles(folder));
      try {
        const answers = [
          await answerOfRoute('embed'),
          await answerOfRoute(`edge?model=${modelServer.address}/files/`),
        ];
        return browser === undefined ? answers : [...answers, await answerOfPage(browser, address)];
      } finally {
        await modelServer.close();
        await server.stop();
      }
    },
  },
  {
    name: 'Jest (ES modules, CommonJS) and Vitest (vmThreads, vmForks)',
    template: 'test-runners',
    async embed({ folder, report }) {
      await installWithNpm(folder);
      const jest = 'jest/bin/jest.js';
      const vitest = ['vitest/vitest.mjs', 'run', '--pool'];
      const lite = litePython();
      if (lite === undefined) report.skip('Milvus Lite in Jest', 'no test has installed milvus-lite');
      return await withTrial(folder, async (newTrial) => {
        const answers = [];
        for (const [runner, env] of [
          [[jest, '--config', 'jest.config.mjs'], { NODE_OPTIONS: '--experimental-vm-modules' }],
          [[jest, '--config', 'jest.commonjs.config.mjs'], {}],
          [[...vitest, 'vmThreads'], {}],
          [[...vitest, 'vmForks'], {}],
        ]) {
          const trial = newTrial(lite);
          const [program, [path]] = installed(folder, runner[0]);
          await must(program, [path, ...runner.slice(1)], { cwd: folder, env: { ...trial.env, ...env } });
          answers.push(JSON.parse(readFileSync(trial.answer, 'utf8')));
        }
        return answers;
      });
    },
  },
  {
    name: 'Bun',
    template: 'program',
    tool: 'bun@1.4.5',
    async embed({ folder, tools }) {
      const bun = join(tools, 'node_modules/.bin/bun');
      await must(bun, ['install', '--no-progress'], { cwd: folder });
      return answerIn(await must(bun, ['main.js'], { cwd: folder }));
    },
  },
  {
    name: 'Deno',
    template: 'program',
    tool: 'deno@2.9.6',
    async embed({ folder, tools }) {
      const deno = join(tools, 'node_modules/.bin/deno');
      // By default, Deno installs only packages that are at least a day old.
      await must(deno, ['install', '--quiet', '--minimum-dependency-age=0'], { cwd: folder });
      return answerIn(await must(deno, ['run', '--allow-read', 'main.js'], { cwd: folder }));
    },
  },
];

/** Returns the Python in which the adapter's tests have installed Milvus Lite, if they have run. */
function litePython() {
  const python = join(root, '.cache/milvus-lite-venv/bin/python');
  return existsSync(python) ? python : undefined;
}

const MODEL_FILES = ['config.json', 'model.safetensors', 'tokenizer.json'];

/** Returns the paths of the installed model's files. */
const modelFiles = (folder) =>
  MODEL_FILES.map((name) => join(folder, 'node_modules/@model2vec-ts/model-minilm-l6/model', name));

/** Serves the bundled model, copies it into a folder of the second layout, and passes both to each trial. */
async function withTrial(folder, run) {
  const files = modelFiles(folder);
  const model = dirname(files[0]);
  const secondLayout = join(folder, 'second-layout');
  mkdirSync(join(secondLayout, '0_StaticEmbedding'), { recursive: true });
  for (const path of files) {
    const isConfig = path.endsWith('config.json');
    const name = isConfig ? 'config_sentence_transformers.json' : join('0_StaticEmbedding', basename(path));
    cpSync(path, join(secondLayout, name));
  }
  const server = await serveModel(files);
  let trials = 0;
  const newTrial = (python) => {
    const own = join(folder, `trial-${trials++}`);
    mkdirSync(own);
    const answer = join(own, 'answer.json');
    const sources = {
      folder: model,
      secondLayout,
      files: Object.fromEntries(files.map((path) => [basename(path), path])),
      folderUrl: pathToFileURL(`${model}/`).href,
      httpUrl: `${server.address}/files/`,
      cacheDir: join(own, 'cache'),
    };
    const TRIAL = JSON.stringify({ sources, answer, liteFolder: python && join(own, 'lite') });
    const env = { TRIAL, HF_ENDPOINT: server.address, ...(python && { M2V_PYTHON: python }) };
    return { answer, env };
  };
  try {
    return await run(newTrial);
  } finally {
    await server.close();
  }
}

async function startNext(folder, port) {
  const printed = [];
  const [program, [next]] = installed(folder, 'next/dist/bin/next');
  const child = startProgram(program, [next, 'start', '--hostname', '127.0.0.1', '--port', port], {
    cwd: folder,
    onOutput: (chunk) => printed.push(chunk),
  });
  const output = () => Buffer.concat(printed).toString('utf8');
  const ended = new Promise((resolve) => child.on('close', resolve));
  const stop = async () => {
    child.kill();
    await ended;
  };
  for (let tries = 0; tries < 300; tries++) {
    if (/Ready in/.test(output())) return { output, stop };
    if (child.exitCode !== null) break;
    await setTimeout(100);
  }
  await stop();
  throw new Error(`next start did not start:\n${output()}`);
}

/** Installs the packages from a registry into consumers of every kind, and lets each embed. */
export async function checkConsumers(packed, registry, { scratch, report, only, large }) {
  const reason = findBrowser() === undefined ? installBrowser() : undefined;
  const browser = findBrowser();
  if (browser === undefined) report.skip('pages of Vite and Next.js in a browser', reason);
  const specifiers = packed.flatMap(entryPoints).map(({ specifier }) => specifier);
  const wanted = CONSUMERS.filter((consumer) => {
    const name = consumer.name.toLowerCase();
    if (only.length > 0) return only.some((word) => name.includes(word.toLowerCase()));
    if (consumer.large && !large)
      report.skip(consumer.name, 'hundreds of megabytes to install; pass --large');
    return large || !consumer.large;
  });
  await sideBySide(wanted.entries(), AT_A_TIME, async ([i, consumer]) => {
    const begun = performance.now();
    const problems = await tryConsumer(consumer, {
      folder: join(scratch, `consumer-${i}`),
      npmrc: registry.npmrc,
      browser,
      specifiers,
      tools: join(scratch, `tools-${i}`),
      report,
    });
    const seconds = ((performance.now() - begun) / 1000).toFixed(1);
    if (problems) report.check(`${consumer.name} (${seconds} s)`, problems);
  });
  report.section('consumers');
}

/** Returns the problems, or `undefined` if this machine cannot run the consumer. */
async function tryConsumer({ name, template, tool, embed }, { npmrc, report, ...context }) {
  makeConsumer(template, context.folder, npmrc);
  if (tool !== undefined) {
    const why = await installTool(tool, context.tools);
    if (why !== undefined) {
      report.skip(name, why);
      return undefined;
    }
  }
  try {
    const answers = [await embed(context)].flat().filter((answer) => answer !== undefined);
    return answers.flatMap(answerProblems);
  } catch (error) {
    return [error.message];
  }
}

/** Installs a program from npm. Returns the reason if it cannot run here. */
async function installTool(tool, folder) {
  try {
    await must('npm', ['install', '--prefix', folder, '--no-audit', '--no-fund', '--loglevel=error', tool], {
      cwd: tmpdir(),
    });
    const program = tool.slice(0, tool.lastIndexOf('@'));
    await must(join(folder, 'node_modules/.bin', program), ['--version'], { cwd: folder });
    return undefined;
  } catch (error) {
    return error.message.split('\n').join(' ').slice(0, 300);
  }
}
