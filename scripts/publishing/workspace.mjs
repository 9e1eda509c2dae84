import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../project-install.mjs';

/** Returns the public packages of the workspace, sorted by name: `{ name, folder, manifest }`. */
export function publicPackages(project = root) {
  return ['packages', 'apps']
    .flatMap((group) => readdirSync(join(project, group)).map((name) => join(group, name)))
    .filter((folder) => existsSync(join(project, folder, 'package.json')))
    .map((folder) => {
      const manifest = JSON.parse(readFileSync(join(project, folder, 'package.json'), 'utf8'));
      return { name: manifest.name, folder, manifest };
    })
    .filter(({ manifest }) => manifest.private !== true)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Returns a package's name without its scope, for file names. */
export const shortName = (name) => name.replace(/^@[^/]+\//, '');

/** Returns the entry points of a package, `{ specifier, target }` for each entry of `exports` with types. */
export function entryPoints({ name, manifest }) {
  return Object.entries(manifest.exports ?? {})
    .filter(([, target]) => typeof target === 'object' && target.types !== undefined)
    .map(([subpath, target]) => ({ specifier: name + subpath.slice(1), target }));
}
