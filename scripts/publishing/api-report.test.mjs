import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reportProblems } from './api-report.mjs';

test('a report that is committed as it is written is right', () => {
  assert.deepEqual(reportProblems('x.api.md', 'a\nb\n', 'a\nb\n'), []);
});

test('what came and what went is shown', () => {
  const [problem] = reportProblems('x.api.md', 'kept\nf(a: number): void;\n', 'kept\nf(a: string): void;\n');
  assert.match(problem, /^x\.api\.md differs/);
  assert.deepEqual(problem.split('\n').slice(1), ['- f(a: number): void;', '+ f(a: string): void;']);
});

test('lines in another order are a difference', () => {
  assert.equal(reportProblems('x.api.md', 'a\nb\n', 'b\na\n').length, 1);
});

test('a report that is missing is told', () => {
  assert.match(reportProblems('x.api.md', undefined, 'a\n').join(), /^x\.api\.md is missing/);
});
