import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { publishedPackages, root } from './places.mjs';

const FRONT_MATTER = /^---\n([\s\S]*?)\n---\n+([\s\S]*)$/;

/** The changelog of all packages as a page: what the next release brings, from the changesets, then what each has brought. */
export function changelogPage() {
  const sections = [
    '# Changelog\n\nEach package has its own version. A breaking change raises the first number.',
  ];
  const unreleased = unreleasedByPackage();
  if (unreleased.size > 0) sections.push('## Next release');
  for (const [name, changes] of [...unreleased].sort(([a], [b]) => (a < b ? -1 : 1)))
    sections.push(`### ${name}`, changes.map((change) => `- ${indented(change)}`).join('\n'));
  for (const { manifest, folder } of publishedPackages()) {
    const file = join(root, folder, 'CHANGELOG.md');
    if (existsSync(file))
      sections.push(readFileSync(file, 'utf8').replace(/^# .*/, `## ${manifest.name}`).trim());
  }
  return `${sections.join('\n\n')}\n`;
}

function unreleasedByPackage() {
  const found = new Map();
  const folder = join(root, '.changeset');
  for (const file of readdirSync(folder).sort()) {
    const [, head, text] = FRONT_MATTER.exec(readFileSync(join(folder, file), 'utf8')) ?? [];
    if (text === undefined) continue;
    for (const [, name] of head.matchAll(/^['"](.+)['"]:/gm))
      found.set(name, [...(found.get(name) ?? []), text.trim()]);
  }
  return found;
}

function indented(text) {
  return text.replaceAll('\n', '\n  ');
}
