#!/usr/bin/env node
// Shows what a release of the last commit would publish: versions, changelogs and files. It works in a copy,
// so the working folder stays unchanged.
//   npm run release:dry [-- --files]     --files lists each file instead of folders
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { environment, fail, root, runTurbo } from './project-install.mjs';
import { packPackage } from './publishing/tarball.mjs';
import { publicPackages } from './publishing/workspace.mjs';

const { values } = parseArgs({ options: { files: { type: 'boolean', default: false } } });

const before = new Map(publicPackages().map(({ name, manifest }) => [name, manifest.version]));
await runTurbo(
  'Building',
  ['run', 'build', '--output-logs=errors-only', ...[...before.keys()].map((name) => `--filter=${name}`)],
  'the build failed, see above',
);

let problem;
const scratch = mkdtempSync(join(tmpdir(), 'release-'));
const project = join(scratch, 'project');
try {
  run('git', ['clone', '--quiet', '--shared', root, project], root);
  linkModules();
  run(process.execPath, [join(root, 'node_modules/@changesets/cli/bin.js'), 'version'], project);

  const releases = publicPackages(project);
  for (const release of releases) {
    const { name, folder, manifest } = release;
    if (manifest.version === before.get(name)) {
      console.log(`\n${name} ${manifest.version} stays as it is`);
      continue;
    }
    cpSync(join(root, folder, 'dist'), join(project, folder, 'dist'), { recursive: true });
    const packed = await packPackage(release, join(scratch, 'packed'), project);
    console.log(`\n${name} ${before.get(name)} → ${manifest.version}\n`);
    console.log(changelogOf(folder, manifest.version).replace(/^(?=.)/gm, '  '));
    for (const [range, group] of [
      [packed.manifest.dependencies, 'needs'],
      [packed.manifest.peerDependencies, 'may use'],
    ])
      for (const [dependency, wanted] of Object.entries(range ?? {}))
        console.log(`  ${group} ${dependency} ${wanted}`);
    for (const [place, { count, bytes }] of placesOf(packed.files))
      console.log(
        `  ${(bytes / 1000).toFixed(1).padStart(9)} kB  ${place}${count > 1 ? ` (${count} files)` : ''}`,
      );
    const total = `${packed.files.length} files, ${(packed.packedBytes / 1000).toFixed(1)} kB packed`;
    console.log(`  ${(packed.unpackedBytes / 1000).toFixed(1).padStart(9)} kB  in ${total}`);
  }
} catch (error) {
  problem = error;
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
if (problem) fail(problem.message);

function run(program, args, cwd) {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd, env: environment, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${[program, ...args].join(' ')} failed\n${stdout}${stderr}`);
}

/** Links what the copy needs from the installation: the tools, and each package where its dependants look for it. */
function linkModules() {
  symlinkSync(join(root, 'node_modules'), join(project, 'node_modules'), 'junction');
  const packages = publicPackages(project);
  const folders = new Map(packages.map(({ name, folder }) => [name, join(project, folder)]));
  for (const { folder, manifest } of packages)
    for (const dependency of Object.keys(manifest.dependencies ?? {})) {
      if (!folders.has(dependency)) continue;
      const link = join(project, folder, 'node_modules', dependency);
      mkdirSync(dirname(link), { recursive: true });
      symlinkSync(folders.get(dependency), link, 'junction');
    }
}

/** Returns a version's section of a package's changelog. */
function changelogOf(folder, version) {
  const path = join(project, folder, 'CHANGELOG.md');
  if (!existsSync(path)) return '(no changelog)';
  const [, section = ''] = readFileSync(path, 'utf8').split(new RegExp(`^## ${version}$`, 'm'));
  return section.split(/^## /m)[0].trim();
}

/** Groups files by folder, unless --files is set. */
function placesOf(files) {
  const places = new Map();
  for (const { path, bytes } of files) {
    const place = values.files || !path.includes('/') ? path : `${path.split('/')[0]}/`;
    const { count, bytes: before } = places.get(place) ?? { count: 0, bytes: 0 };
    places.set(place, { count: count + 1, bytes: before + bytes });
  }
  return [...places].sort(([a], [b]) => (a < b ? -1 : 1));
}
