import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';

/** Downloads and unpacks a package of Debian in the folder `cache`, unless an earlier run did. Returns its folder. */
export function debianPackage(name, cache) {
  const folder = join(cache, name);
  const content = join(folder, 'content');
  if (existsSync(content)) return content;
  mkdirSync(folder, { recursive: true });
  execFileSync('apt-get', ['download', name], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
  const archive = readdirSync(folder).find((file) => file.endsWith('.deb'));
  execFileSync('dpkg-deb', ['--extract', join(folder, archive), `${content}-unfinished`]);
  renameSync(`${content}-unfinished`, content);
  return content;
}
