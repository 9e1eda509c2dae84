import { describe, expect, it } from 'vitest';
import { siteMarkdown } from '../scripts/markdown.mjs';

const link = (target: string) => (target === 'gone' ? undefined : target.replace('../guides/', '/guides/'));

describe('Markdown of the repository', () => {
  it('gets the links of the site, including images and links around code', () => {
    expect(siteMarkdown('[a](../guides/a.md#b) ![i](../guides/i.svg) [`c`](../guides/c.md "t")', link)).toBe(
      '[a](/guides/a.md#b) ![i](/guides/i.svg) [`c`](/guides/c.md "t")',
    );
  });

  it('keeps the text of a link without a page on the site', () => {
    expect(siteMarkdown('see [`bench`](gone).', link)).toBe('see `bench`.');
  });

  it('leaves inline code and code blocks unchanged', () => {
    const code =
      '`a[0](../guides/x) <T> {{ }}`\n\n```ts\nlist[0](../guides/x);\nconst a: Map<T, U> = {{}};\n```\n';
    expect(siteMarkdown(code, link)).toBe(code);
  });

  it('removes the markers for continuous integration from code blocks', () => {
    expect(siteMarkdown('```ts run\na;\n```\n\n```sh no-check\nb\n```\n', link)).toBe(
      '```ts\na;\n```\n\n```sh\nb\n```\n',
    );
  });

  it('escapes what Vue would read as a template', () => {
    expect(siteMarkdown('a Map<string, T> of {{ name }}', link)).toBe(
      'a Map&lt;string, T> of &#123;&#123; name }}',
    );
    expect(siteMarkdown('<details>\n<summary>x</summary>\n<https://a.b>', link)).toBe(
      '<details>\n<summary>x</summary>\n<https://a.b>',
    );
  });
});
