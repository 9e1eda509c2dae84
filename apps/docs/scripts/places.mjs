// Paths in the repository and in the site's content.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of this app. */
export const docs = fileURLToPath(new URL('..', import.meta.url));

/** The project's folder. */
export const root = fileURLToPath(new URL('../../..', import.meta.url));

/** VitePress' input: Markdown gathered from the repository, and pages written by TypeDoc. */
export const content = join(docs, 'content');

/** Published packages, each after its dependencies; the CLI last. */
export function publishedPackages() {
  const found = ['packages', 'apps'].flatMap((group) =>
    readdirSync(join(root, group)).flatMap((name) => {
      const file = join(root, group, name, 'package.json');
      if (!existsSync(file)) return [];
      const manifest = JSON.parse(readFileSync(file, 'utf8'));
      return manifest.private ? [] : [{ folder: `${group}/${name}`, name, manifest }];
    }),
  );
  const own = new Map(found.map((entry) => [entry.manifest.name, entry]));
  const sorted = new Set();
  const visit = (entry) => {
    if (sorted.has(entry)) return;
    for (const name of Object.keys(entry.manifest.dependencies ?? {})) {
      if (own.has(name)) visit(own.get(name));
    }
    sorted.add(entry);
  };
  found.forEach(visit);
  return [...sorted];
}

/** The same packages in the README's order. */
export function packagesAsPresented() {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const place = ({ folder }) => readme.indexOf(`(${folder})`);
  return publishedPackages().sort((a, b) => place(a) - place(b));
}
