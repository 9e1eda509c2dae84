import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readChangesets } from '../../../scripts/publishing/changesets.mjs';
import { publishedPackages, root } from './places.mjs';

/**
 * The changelog of all packages as a page: what the next release brings, from the changesets, then what each has brought. Its
 * entries are kept out of the site's search, because they repeat single sentences of the pages that answer questions.
 */
export async function changelogPage() {
  const sections = [
    '# Changelog\n\nEach package has its own version. A breaking change raises the first number.',
    '<div data-site-search-ignore>',
  ];
  const unreleased = await unreleasedByPackage();
  if (unreleased.size > 0) sections.push('## Next release');
  for (const [name, changes] of [...unreleased].sort(([a], [b]) => (a < b ? -1 : 1)))
    sections.push(`### ${name}`, changes.map((change) => `- ${indented(change)}`).join('\n'));
  for (const { manifest, folder } of publishedPackages()) {
    const file = join(root, folder, 'CHANGELOG.md');
    if (existsSync(file))
      sections.push(readFileSync(file, 'utf8').replace(/^# .*/, `## ${manifest.name}`).trim());
  }
  sections.push('</div>');
  return `${sections.join('\n\n')}\n`;
}

async function unreleasedByPackage() {
  const found = new Map();
  const changesets = await readChangesets();
  for (const { summary, releases } of changesets.sort((a, b) => (a.id < b.id ? -1 : 1))) {
    for (const { name } of releases) found.set(name, [...(found.get(name) ?? []), summary]);
  }
  return found;
}

function indented(text) {
  return text.replaceAll('\n', '\n  ');
}
