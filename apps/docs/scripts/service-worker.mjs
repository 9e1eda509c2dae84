// Derives the service worker's version from the site's content, so that a new site replaces the cached one.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Writes the version into the service worker of a built site. */
export function writeServiceWorker(site) {
  const hash = createHash('sha256');
  // Asset names contain hashes of their content.
  for (const name of readdirSync(join(site, 'assets')).sort()) hash.update(`${name}\n`);
  const file = join(site, 'service-worker.js');
  const source = readFileSync(file, 'utf8');
  if (!source.includes('__VERSION__')) throw new Error(`${file} has no place for its version`);
  writeFileSync(file, source.replace('__VERSION__', hash.digest('hex').slice(0, 16)));
}
