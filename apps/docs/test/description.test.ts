import { expect, it } from 'vitest';
import { descriptionOf } from '../scripts/description.mjs';

it('describes a page by its first paragraph, without marks', () => {
  const page =
    '---\ntitle: x\n---\n\n# A page\n\n```ts\ncode\n```\n\nSee [the **guide**](a.md) for `code`.\n\nMore.';
  expect(descriptionOf(page)).toBe('See the guide for code.');
});

it('cuts a long paragraph at a word', () => {
  const text = descriptionOf(`# A page\n\n${'several words, '.repeat(20)}`);
  expect(text.length).toBeLessThanOrEqual(160);
  expect(text).toMatch(/several( words)?…$/);
});

it('has no description for a page without a paragraph', () => {
  expect(descriptionOf('# A page\n\n| a | b |\n')).toBe('');
});
