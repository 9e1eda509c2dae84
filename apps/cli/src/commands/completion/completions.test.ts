import { expect, it } from 'vitest';
import { createProgram } from '../../program.js';
import { completions } from './completions.js';

it.each<[string[], string[], number]>([
  [['em'], ['embed'], 4],
  [['models', ''], ['ls', 'pull', 'rm', 'verify', 'path', 'help'], 4],
  [['models', 'p'], ['pull', 'path'], 4],
  [['embed', '--in'], ['--input', '--input-format'], 4],
  [['search', '--in'], ['--insecure'], 4],
  [['search', '--mode', ''], ['hybrid', 'dense', 'fullText'], 4],
  [['search', '--mode=d'], ['dense'], 4],
  [['search', '-c', 'docs', '--mode', 'h'], ['hybrid'], 4],
  [['embed', '--output', 't'], [], 0],
  [['embed', '-o', 't'], [], 0],
  [['index', 'te'], [], 0],
  [['index', 'texts.txt', 'te'], [], 0],
  [['models', 'ls', '--cache-dir', ''], [], 16],
  [['milvus', 'start', ''], [], 16],
  [['embed', '--batch-size', ''], [], 4],
  [['embed', '--', '--in'], [], 4],
  [['completion', ''], ['bash', 'zsh', 'fish', 'powershell'], 4],
  [['complete', ''], [], 4],
])('%j offers %j', async (words, values, directive) => {
  const program = await createProgram(['complete', ...words]);
  const found = completions(program, words);
  expect(found.candidates.map(({ value }) => value)).toEqual(values);
  expect(found.directive).toBe(directive);
});
