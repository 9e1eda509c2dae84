import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { changelogPage } from '../scripts/changelog.mjs';

it('lists each changeset under the packages that it names', async () => {
  const folder = new URL('../../../.changeset/', import.meta.url);
  const page = await changelogPage();
  const sections = new Map(
    page.split(/^### /m).map((section) => [section.slice(0, section.indexOf('\n')), section] as const),
  );
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.md'))) {
    const [, head = '', text = ''] = readFileSync(new URL(file, folder), 'utf8').split(/^---$/m);
    for (const [, name] of head.matchAll(/'(@model2vec-ts\/[\w-]+)'/g)) {
      expect(sections.get(name!)).toContain(text.trim().split('\n')[0]);
    }
  }
  expect(page.startsWith('# Changelog\n')).toBe(true);
});
