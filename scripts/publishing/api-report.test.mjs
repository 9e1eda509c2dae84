import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reportProblems } from './api-report.mjs';

test('an up-to-date report passes', () => {
  assert.deepEqual(reportProblems('x.api.md', 'a\nb\n', 'a\nb\n'), []);
});

test('added and removed lines are shown', () => {
  const [problem] = reportProblems('x.api.md', 'kept\nf(a: number): void;\n', 'kept\nf(a: string): void;\n');
  assert.match(problem, /^x\.api\.md differs/);
  assert.deepEqual(problem.split('\n').slice(1), ['- f(a: number): void;', '+ f(a: string): void;']);
});

test('lines in another order are a difference', () => {
  assert.equal(reportProblems('x.api.md', 'a\nb\n', 'b\na\n').length, 1);
});

test('a missing report is reported', () => {
  assert.match(reportProblems('x.api.md', undefined, 'a\n').join(), /^x\.api\.md is missing/);
});
