import { mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../project-install.mjs';
import { runProgram } from './program.mjs';
import { shortName } from './workspace.mjs';

/** Path of the pnpm that installed the project. */
const pnpm = [process.execPath, join(root, 'node_modules/pnpm/bin/pnpm.cjs')];

/** Variables with which pnpm packs the same bytes each time. */
export const packingEnvironment = { npm_config_pnpmfile: join(root, 'scripts/publishing/pnpmfile.cjs') };

/** Packs a package into the folder `target`, and returns the path of its tarball. */
export async function packTarball({ name, folder }, target, project = root) {
  mkdirSync(target, { recursive: true });
  const [program, ...args] = pnpm;
  const packed = await runProgram(program, [...args, 'pack', '--json', '--pack-destination', target], {
    cwd: join(project, folder),
    env: packingEnvironment,
  });
  if (!packed.ok) throw new Error(`${name} cannot be packed:\n${packed.output}`);
  return JSON.parse(packed.stdout.slice(packed.stdout.indexOf('{'))).filename;
}

/**
 * Packs a package into `folder` and unpacks it there. Returns `{ name, file, contents, files, packedBytes, unpackedBytes }`:
 * `contents` is the folder with the unpacked tarball, `files` a list of `{ path, bytes }`.
 */
export async function packPackage(source, folder, project = root) {
  const { name } = source;
  const file = await packTarball(source, folder, project);
  const unpacked = join(folder, shortName(name));
  mkdirSync(unpacked);
  const opened = await runProgram('tar', ['-xzf', file, '-C', unpacked]);
  if (!opened.ok) throw new Error(`${file} cannot be unpacked:\n${opened.output}`);
  // Every path in an npm tarball begins with this folder.
  const contents = join(unpacked, 'package');
  const files = readdirSync(contents, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({
      path: path.slice(contents.length + 1).replaceAll('\\', '/'),
      bytes: statSync(path).size,
    }));
  return {
    name,
    file,
    contents,
    files,
    manifest: JSON.parse(readFileSync(join(contents, 'package.json'), 'utf8')),
    packedBytes: statSync(file).size,
    unpackedBytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}
