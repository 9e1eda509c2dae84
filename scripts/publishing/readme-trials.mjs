import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import ts from 'typescript';
import { codeBlocks } from '../examples/code-blocks.mjs';
import { root } from '../project-install.mjs';
import { must } from './consumer.mjs';
import { sideBySide } from './side-by-side.mjs';
import { shortName } from './workspace.mjs';

/** Trials spend half of their time waiting for npm, so two run at once. */
const AT_A_TIME = 2;

/** Tries each package as its README says, installed from a registry. */
export async function checkReadmes(packages, { npmrc, scope, address }, { scratch, report, only }) {
  const wanted = packages.filter(({ name }) => only.length === 0 || only.some((word) => name.includes(word)));
  await sideBySide(wanted, AT_A_TIME, async (each) => {
    const folder = join(scratch, `readme-${shortName(each.name)}`);
    const title = `${each.name}: README in an empty folder`;
    const python = join(root, '.cache/milvus-lite-venv/bin/python');
    if (each.name.endsWith('/milvus-adapter') && !existsSync(python)) {
      report.skip(title, 'there is no Milvus Lite; npm test installs one where Python 3.10 is');
      return;
    }
    const begun = performance.now();
    const problems = await readmeProblems(each, { folder, npmrc, registry: { scope, address }, python });
    const seconds = ((performance.now() - begun) / 1000).toFixed(1);
    report.check(`${title} (${seconds} s)`, problems);
  });
  report.section('READMEs');
}

/**
 * Follows a package's README in an empty folder: runs its first commands, its first example and every example marked `run`.
 * Returns the failures.
 */
async function readmeProblems({ name, folder: source }, { folder, npmrc, registry, python }) {
  const readme = join(root, source, 'README.md');
  const commands = firstCommands(readFileSync(readme, 'utf8'));
  if (!commands.some((command) => command.startsWith('npm install ')))
    return [`${source}/README.md does not begin with how to install it`];
  mkdirSync(folder);
  writeFileSync(join(folder, '.npmrc'), npmrc);
  const global = join(folder, 'global');
  const env = {
    // A global installation ignores the folder's settings.
    [`npm_config_${registry.scope}:registry`]: registry.address,
    M2V_PYTHON: python,
    npm_config_prefix: global,
    npm_config_loglevel: 'error',
    PATH: [join(global, 'bin'), global, process.env.PATH].join(delimiter),
  };
  // A new user runs the first example; others run only if marked.
  const examples = codeBlocks(readme, `${source}/README.md`).filter(({ run }, i) => run || i === 0);
  const isProgram = commands.length > 1;
  if (examples.length === 0 && !isProgram) return [`${source}/README.md has no example`];
  try {
    for (const command of commands) {
      const [program, ...args] = command.split(/\s+/);
      await must(program, args, { cwd: folder, env });
    }
    for (const [i, { code }] of examples.entries()) {
      const { outputText } = ts.transpileModule(code, {
        compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 },
      });
      writeFileSync(join(folder, `example-${i}.mjs`), outputText);
      await must(process.execPath, [`example-${i}.mjs`], { cwd: folder, env });
    }
    return [];
  } catch (error) {
    return [`${name}, by its README: ${error.message}`];
  }
}

/** Returns the lines of the first shell block. */
function firstCommands(markdown) {
  const block = /```sh\n([\s\S]*?)\n```/.exec(markdown)?.[1] ?? '';
  return block.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('#'));
}
