#!/usr/bin/env node
// Publishes each package whose version npm does not have, and tags it. The release workflow runs it after the tests.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { environment, fail, root } from './project-install.mjs';
import { packingEnvironment } from './publishing/tarball.mjs';
import { publicPackages } from './publishing/workspace.mjs';

const { GITHUB_REPOSITORY: repository, GITHUB_SERVER_URL: server } = process.env;
if (!repository || !server)
  fail(
    'packages are published by the release workflow, for their provenance; npm run release:dry shows what',
  );

// npm refuses provenance for a package that names no repository or another one, so a fork must name itself.
for (const { folder, manifest } of publicPackages()) {
  const url = `git+${server}/${repository}.git`;
  const stamped = { ...manifest, repository: { type: 'git', url, directory: folder } };
  writeFileSync(join(root, folder, 'package.json'), `${JSON.stringify(stamped, null, 2)}\n`);
}
const changeset = join(root, 'node_modules/@changesets/cli/bin.js');
const { status } = spawnSync(process.execPath, [changeset, 'publish'], {
  cwd: root,
  env: { ...environment, ...packingEnvironment },
  stdio: 'inherit',
});
process.exitCode = status ?? 1;
