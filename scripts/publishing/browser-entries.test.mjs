// Imports the main file for browsers of each built package in Node, as bench does. Private imports then resolve to Node's
// files, and a circle of imports between both kinds fails.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { root } from '../project-install.mjs';
import { publicPackages } from './workspace.mjs';

for (const { name, folder, manifest } of publicPackages()) {
  const target = manifest.exports?.['.']?.default;
  if (target === undefined) continue;
  test(`the file for browsers of ${name} can be imported in Node`, () => {
    const program = `await import(${JSON.stringify(pathToFileURL(join(root, folder, target)).href)});`;
    const { stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', program]);
    assert.equal(String(stderr), '');
  });
}
