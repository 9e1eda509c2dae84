import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { borderBehaviorOfLiteral } from './pattern-border.js';
import { borderBehaviorOfRegex } from './regex-border.js';

const { patterns } = JSON.parse(
  readFileSync(new URL('../oniguruma/fixtures/published-patterns.json', import.meta.url), 'utf8'),
) as { patterns: readonly (readonly [name: string, source: string])[] };

const namesOf = (behavior: string): readonly string[] =>
  patterns.filter(([, source]) => borderBehaviorOfRegex(source) === behavior).map(([name]) => name);

describe('of the published patterns', () => {
  it('those that match everything start a match at every border', () => {
    expect(namesOf('starts')).toEqual([
      'gpt-2',
      'cl100k, llama-3',
      'o200k',
      'qwen2',
      'deepseek-v3, 3',
      'tekken',
      'space but newline',
      'white space',
      'any character',
      'kimi',
    ]);
  });

  it('those with anchors, look-behinds, long look-aheads or empty matches are excluded', () => {
    expect(namesOf('crosses')).toEqual([
      'cl100k, possessive',
      'deepseek-llm, 4',
      'trailing space',
      'leading space',
      'word borders',
      'digit runs from the right',
      'digit borders',
      'camel case',
      'lines',
      'empty',
      'optional',
      'grouped',
    ]);
  });
});

it.each([
  ['a b', 'crosses'],
  ['a+ ?b', 'crosses'],
  ['(?:a| )+', 'crosses'],
  ['(?: a)+', 'crosses'],
  ['[^b]+', 'crosses'],
  ['a\\s*', 'crosses'],
  ['a(?= b)', 'crosses'],
  ['a(?!\\s)', 'crosses'],
  ['a(?<=a)', 'crosses'],
  ['a*', 'crosses'],
  ['a| ?b', 'respects'],
  ['(?>a|b)+', 'respects'],
  [' {2,}', 'respects'],
  [' +a', 'respects'],
  ['\\t ', 'respects'],
  ['\\s(?!\\S)', 'respects'],
  ['a(?!b)', 'respects'],
  ['\\s', 'starts'],
  ['a|(?: +)', 'starts'],
  ['.', 'starts'],
] as const)('%s %s', (source, behavior) => {
  expect(borderBehaviorOfRegex(source)).toBe(behavior);
});

it.each([
  ['', 'crosses'],
  ['a b', 'crosses'],
  ['a ', 'crosses'],
  [' a', 'respects'],
  ['  ', 'respects'],
  ['ab', 'respects'],
  [' ', 'starts'],
] as const)('the literal %j %s', (literal, behavior) => {
  expect(borderBehaviorOfLiteral(literal)).toBe(behavior);
});
