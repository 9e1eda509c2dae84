import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { markdownChunks } from './markdown-chunks.js';

function described(source: string, size = 1200): string[] {
  return markdownChunks(source, size).map(
    ({ text, line, endLine }) => `${line}-${endLine} ${text.replaceAll('\n', '⏎')}`,
  );
}

describe('chunks of Markdown', () => {
  it('stay in their section and carry its headings', () => {
    const source =
      'Before.\n\n# One *big* `thing`\n\nFirst.\n\nSecond.\n\n### Deep\n\nThird.\n\n## Two\nFourth.\n\n# Other\n\nFifth.\n';
    expect(described(source)).toEqual([
      '1-1 Before.',
      '5-7 One big thing⏎⏎First.⏎⏎Second.',
      '11-11 One big thing › Deep⏎⏎Third.',
      '14-14 One big thing › Two⏎⏎Fourth.',
      '18-18 Other⏎⏎Fifth.',
    ]);
  });

  it('ignore headings in lists, quotes and code', () => {
    expect(described('- # item\n\n> # quoted\n\n```\n# comment\n```\n')).toEqual([
      '1-7 - # item⏎⏎> # quoted⏎⏎```⏎# comment⏎```',
    ]);
  });

  it('keep blocks whole if they fit, and split those that do not', () => {
    const source = `# T\n\n${'a'.repeat(30)}\n\n${'b'.repeat(30)}\n\n${'c c '.repeat(30)}\n\nd`;
    expect(described(source, 60).map((chunk) => chunk.slice(0, 12))).toEqual([
      '3-3 T⏎⏎aaaaa',
      '5-5 T⏎⏎bbbbb',
      '7-7 T⏎⏎c c c',
      '7-7 T⏎⏎c c c',
      '9-9 T⏎⏎d',
    ]);
  });

  it('drop front matter, comments and link targets, but use the title', () => {
    const source =
      '---\ntitle: "The page"\ntags: [a]\n---\n\n<!-- note -->\n\n# The page\n\nWords [here][1].\n\n[1]: https://example.com\n\n---\n\n## Part\n\nMore.\n';
    expect(described(source)).toEqual(['10-10 The page⏎⏎Words [here][1].', '18-18 The page › Part⏎⏎More.']);
    expect(described('---\nnot front matter')).toEqual(['2-2 not front matter']);
  });

  it('never consist of a heading alone', () => {
    expect(described('# A\n\n## B\n\n## C\n\nwords\n\n# D\n')).toEqual(['7-7 A › C⏎⏎words']);
    expect(described('')).toEqual([]);
    expect(described('\n\n')).toEqual([]);
  });

  it('never begin with a comment', () => {
    expect(described('<!-- a --> words\n\n# T\n\n<!-- b\nc -->\n<!-- d -->\nmore <!-- stays -->\n')).toEqual([
      '1-1 words',
      '8-8 T⏎⏎more <!-- stays -->',
    ]);
    expect(described('words\n\n<!-- open\n\nstill open')).toEqual(['1-1 words']);
    expect(described('```html\n<!-- code -->\n```')).toEqual(['1-3 ```html⏎<!-- code -->⏎```']);
  });

  it('contain every word under a heading, each chunk within its lines', () => {
    const word = fc.stringMatching(/^[a-z]{1,8}$/);
    const block = fc.oneof(
      fc.array(word, { minLength: 1, maxLength: 30 }).map((words) => words.join(' ')),
      fc.tuple(fc.integer({ min: 1, max: 6 }), word).map(([depth, text]) => `${'#'.repeat(depth)} ${text}`),
      fc
        .array(word, { minLength: 1, maxLength: 5 })
        .map((words) => words.map((each) => `- ${each}`).join('\n')),
      word.map((text) => `\`\`\`\n${text}\n\`\`\``),
    );
    fc.assert(
      fc.property(fc.array(block, { maxLength: 12 }), fc.integer({ min: 8, max: 200 }), (blocks, size) => {
        const source = blocks.join('\n\n');
        const lines = source.split('\n');
        const chunks = markdownChunks(source, size);
        const all = ` ${chunks.map(({ text }) => text).join(' ')} `.replace(/[^a-z]+/g, ' ');
        const body = blocks.filter((each) => !each.startsWith('#')).join(' ');
        for (const found of body.match(/[a-z]+/g) ?? []) expect(all).toContain(` ${found} `);
        for (const { text, headings, line, endLine } of chunks) {
          const own = headings.length === 0 ? text : text.slice(headings.join(' › ').length).trim();
          expect(own.length).toBeLessThanOrEqual(size);
          expect(own).not.toBe('');
          expect(lines.slice(line - 1, endLine).join('\n')).toContain(own);
        }
      }),
    );
  });
});
