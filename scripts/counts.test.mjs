import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lastCounts, tapCounts, vitestCounts } from './counts.mjs';

test('the last line of counts is the one that holds', () => {
  assert.deepEqual(lastCounts('1 passed, 2 failed\nmore\n30 passed, 0 failed\n'), {
    passed: 30,
    failed: 0,
    skipped: [],
  });
});

test('what a suite inside a suite skipped is named again', () => {
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
  assert.deepEqual(vitestCounts(output), { passed: 15, failed: 1, skipped: [] });
});

test('a package that printed no counts has failed', () => {
  assert.deepEqual(vitestCounts('@model2vec-ts/a:test: Error: no such file'), {
    passed: 0,
    failed: 1,
    skipped: [],
  });
});

test('a test that is skipped without a word counts as failed', () => {
  assert.deepEqual(vitestCounts('@model2vec-ts/a:test:  Tests  2 passed | 1 skipped (3)'), {
    passed: 2,
    failed: 1,
    skipped: [],
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
  });
});
