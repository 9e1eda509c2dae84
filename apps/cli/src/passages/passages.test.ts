import { describe, expect, it } from 'vitest';
import { codePassages, isListOfTexts, linePerPassage } from './line-passages.js';
import { markdownPassages } from './markdown-passages.js';

const places = (passages: readonly { readonly line: number; readonly endLine: number }[]) =>
  passages.map(({ line, endLine }) => [line, endLine]);

describe('passages of Markdown', () => {
  it('stay in their section and start with its headings', () => {
    const source =
      '# Guide\n\nIntro.\n\n## Install\n\nRun this.\n\n```sh\n# no heading\n```\n\n## Use\nCall it.\n';
    expect(markdownPassages(source, 1200)).toEqual([
      { text: 'Guide\n\nIntro.', headings: ['Guide'], line: 3, endLine: 3 },
      {
        text: 'Guide › Install\n\nRun this.\n\n```sh\n# no heading\n```',
        headings: ['Guide', 'Install'],
        line: 7,
        endLine: 11,
      },
      { text: 'Guide › Use\n\nCall it.', headings: ['Guide', 'Use'], line: 14, endLine: 14 },
    ]);
  });

  it('never start with a comment or consist of a heading', () => {
    const source =
      '---\ntitle: x\n---\n<!-- licence -->\n# Title\n\n## Empty\n\n<!-- a\nb -->\n\nText\n<!-- open';
    expect(markdownPassages(source, 1200)).toEqual([
      { text: 'Title › Empty\n\nText', headings: ['Title', 'Empty'], line: 12, endLine: 12 },
    ]);
  });

  it('keep comments in code, and recognise underlined headings', () => {
    const source = 'Title\n=====\n\n```html\n<!-- shown -->\n```\n\nPart\n----\ntext';
    expect(markdownPassages(source, 1200).map(({ text }) => text)).toEqual([
      'Title\n\n```html\n<!-- shown -->\n```',
      'Title › Part\n\ntext',
    ]);
  });

  it('respect the size limit, where lines allow it', () => {
    const source = `# Long\n${Array.from({ length: 90 }, (_, i) => `line ${i} of a long paragraph`).join('\n')}`;
    const passages = markdownPassages(source, 300);
    for (const { text } of passages) expect(text.length).toBeLessThanOrEqual(300 + 'Long\n\n'.length);
    expect(passages.at(-1)!.endLine).toBe(91);
    expect(
      places(passages)
        .slice(1)
        .every(([line], i) => line === passages[i]!.endLine + 1),
    ).toBe(true);
  });
});

describe('passages of code', () => {
  it('end before a top-level block', () => {
    const block = (name: string) => `function ${name}() {\n${'  work();\n'.repeat(12)}}\n`;
    const source = `${block('a')}\n${block('b')}\n${block('c')}`;
    const passages = codePassages(source, 200);
    expect(passages.map(({ text }) => text.slice(0, 12))).toEqual([
      'function a()',
      'function b()',
      'function c()',
    ]);
    expect(passages[1]).toMatchObject({ line: 16, endLine: 29 });
  });

  it('cover every non-blank line once, including lines longer than a passage', () => {
    const source = `${'x'.repeat(450)}😀${'y'.repeat(450)}\n\nend`;
    const passages = codePassages(source, 451);
    expect(passages.map(({ text }) => text).join('')).toBe(source.replace('\n\n', ''));
    for (const { text } of passages) expect(text).not.toMatch(/\p{Surrogate}/u);
    expect(places(passages)).toEqual([
      [1, 1],
      [1, 1],
      [1, 1],
      [3, 3],
    ]);
  });
});

it('a list of texts becomes one passage per line', () => {
  expect(isListOfTexts('one\ntwo\n')).toBe(true);
  expect(isListOfTexts('one\n\ntwo\n')).toBe(false);
  expect(places(linePerPassage('one\ntwo\n---\n', 1200))).toEqual([
    [1, 1],
    [2, 2],
  ]);
});
