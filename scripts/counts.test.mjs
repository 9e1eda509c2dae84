import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lastCounts, tapCounts, vitestCounts } from './counts.mjs';

test('the last line of counts is used', () => {
  assert.deepEqual(lastCounts('1 passed, 2 failed\nmore\n30 passed, 0 failed\n'), {
    passed: 30,
    failed: 0,
    skipped: [],
    failures: [],
  });
});

test('a test skipped in a nested suite is reported', () => {
  assert.deepEqual(lastCounts('     a: SKIPPED a browser: none was found\n3 passed, 0 failed\n').skipped, [
    'a: SKIPPED a browser: none was found',
  ]);
});

test('counts inside a line are not the counts of the suite', () => {
  assert.equal(lastCounts('ok   tests   12 passed, 0 failed\n'), undefined);
});

test('the packages of one run are summed, whether their output is fresh or replayed from the cache', () => {
  const output = [
    '@model2vec-ts/a:test: cache hit, replaying logs 0123456789abcdef',
    '@model2vec-ts/a:test:  Test Files  2 passed (2)',
    '@model2vec-ts/a:test:       Tests  12 passed (12)',
    '@model2vec-ts/b:test: cache miss, executing 0123456789abcdef',
    '@model2vec-ts/b:test:       Tests  1 failed | 3 passed (4)',
  ].join('\n');
  assert.deepEqual(vitestCounts(output), { passed: 15, failed: 1, skipped: [], failures: [] });
});

test('a package that printed no counts has failed', () => {
  assert.deepEqual(vitestCounts('@model2vec-ts/a:test: Error: no such file'), {
    passed: 0,
    failed: 1,
    skipped: [],
    failures: [],
  });
});

test('a test that is skipped without a reason counts as failed', () => {
  assert.deepEqual(vitestCounts('@model2vec-ts/a:test:  Tests  2 passed | 1 skipped (3)'), {
    passed: 2,
    failed: 1,
    skipped: [],
    failures: [],
  });
  assert.deepEqual(tapCounts('# pass 4\n# fail 0\n# cancelled 0\n# skipped 1\n# todo 0\n'), {
    passed: 4,
    failed: 1,
  });
});

test('a skipped test that says why it cannot run is named and not counted', () => {
  const output = [
    '@model2vec-ts/a:test: SKIPPED a browser: no Chromium was found',
    '@model2vec-ts/a:test:       Tests  2 passed | 1 skipped (3)',
    '@model2vec-ts/b:test:       Tests  1 passed | 1 skipped (2)',
  ].join('\n');
  assert.deepEqual(vitestCounts(output), {
    passed: 3,
    failed: 1,
    skipped: ['@model2vec-ts/a: SKIPPED a browser: no Chromium was found'],
    failures: [],
  });
});

test('failed tests are named with the first line of the reason', () => {
  const output = [
    '@model2vec-ts/a:test:  FAIL  src/a.test.ts > a thing > does it',
    '@model2vec-ts/a:test:  FAIL  src/a.test.ts > a thing > does it again',
    '@model2vec-ts/b:test: between the lines of another package',
    '@model2vec-ts/a:test: AssertionError: expected 1 to be 2',
    '@model2vec-ts/a:test: - Expected',
    '@model2vec-ts/a:test: ⎯⎯⎯⎯⎯⎯ Unhandled Rejection ⎯⎯⎯⎯⎯',
    '@model2vec-ts/a:test: Error: nobody waits for this',
    '@model2vec-ts/a:test:       Tests  2 failed | 3 passed (5)',
  ].join('\n');
  assert.deepEqual(vitestCounts(output).failures, [
    '@model2vec-ts/a: FAILED src/a.test.ts > a thing > does it: AssertionError: expected 1 to be 2',
    '@model2vec-ts/a: FAILED src/a.test.ts > a thing > does it again: AssertionError: expected 1 to be 2',
    '@model2vec-ts/a: FAILED Unhandled Rejection: Error: nobody waits for this',
  ]);
});

test('a failure in a nested suite is reported', () => {
  const output = [
    'FAIL tests   3 passed, 1 failed',
    '     a: FAILED src/a.test.ts > a: Error: b',
    '3 passed, 1 failed',
    '',
  ];
  assert.deepEqual(lastCounts(output.join('\n')).failures, [
    'a: FAILED src/a.test.ts > a: Error: b',
    'tests   3 passed, 1 failed',
  ]);
});
