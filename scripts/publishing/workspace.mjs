import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../project-install.mjs';

/** Packages of the workspace that are published: `{ name, folder, manifest }`, by name. */
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

/** A package's name without its scope, for names of files. */
export const shortName = (name) => name.replace(/^@[^/]+\//, '');

/** What a program may import from a package: `{ specifier, target }` for each entry of `exports` that has types. */
export function entryPoints({ name, manifest }) {
  return Object.entries(manifest.exports ?? {})
    .filter(([, target]) => typeof target === 'object' && target.types !== undefined)
    .map(([subpath, target]) => ({ specifier: name + subpath.slice(1), target }));
}
