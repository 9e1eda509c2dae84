#!/usr/bin/env node
// Checks the structure of the sources: no import cycle and no arrow across a package's border (dependency-cruiser, which
// also follows type-only imports), and no dead export, file or dependency (knip). Prints 'N passed, N failed'.
//   node scripts/check-structure.mjs [--root DIR]
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root as project } from './project-install.mjs';
import { finish, suite } from './suite.mjs';

const { values } = parseArgs({ options: { root: { type: 'string', default: project } } });
const cwd = values.root;

const sources = ['packages', 'apps']
  .filter((group) => existsSync(join(cwd, group)))
  .flatMap((group) => readdirSync(join(cwd, group)).map((name) => `${group}/${name}/src`))
  .filter((folder) => existsSync(join(cwd, folder)));
const tool = (file, ...args) => [process.execPath, join(project, 'node_modules', file), ...args];

finish([
  await suite(
    'cycles and borders',
    tool('dependency-cruiser/bin/dependency-cruise.mjs', '--config', '.dependency-cruiser.mjs', ...sources),
    { cwd },
  ),
  await suite('dead code', tool('knip/bin/knip.js', '--no-progress', '--no-config-hints'), {
    cwd,
  }),
]);
