import { describe, expect, test } from 'vitest';
import { contentId } from './content-id.js';
import { parseShard, shardOf } from './shard.js';

describe('shardOf', () => {
  // Printed by scripts/shards.py. These must never change, because unfinished jobs would miss rows.
  test.each([
    ['', 11, 923, 2872998923],
    ['a', 3, 715, 444641715],
    ['doc-1', 12, 436, 1578409436],
    ['größe 東😀', 14, 998, 1749897998],
    [7, 13, 381, 2049036381],
    [-5, 9, 753, 2602575753],
    [2n ** 60n, 4, 844, 3464695844],
    ['2cf24dba5fb0a30e26e83b2ac5b9e29e', 0, 320, 3375786320],
  ])('gives %s the same shard as another implementation of the rule', (id, of16, of1000, ofMost) => {
    expect([shardOf(id, 16), shardOf(id, 1000), shardOf(id, 0xffff_ffff)]).toEqual([of16, of1000, ofMost]);
  });

  test('puts a number and the string of its digits into the same shard', () => {
    expect(shardOf(1234567, 97)).toBe(shardOf('1234567', 97));
    expect(shardOf(1234567n, 97)).toBe(shardOf('1234567', 97));
  });

  test.each([
    ['counted ids', (i: number) => i],
    ['named ids', (i: number) => `document-${i}`],
    ['derived ids', (i: number) => contentId(`text ${i}`)],
  ])('spreads %s evenly', (_, idOf) => {
    const sizes = new Array<number>(16).fill(0);
    for (let i = 0; i < 32_000; i++) sizes[shardOf(idOf(i), 16)]!++;
    // 2,000 each, with a standard deviation of 43 for random ones.
    for (const size of sizes) expect(Math.abs(size - 2000)).toBeLessThan(250);
  });

  test.each([0, -1, 1.5, Number.NaN, 2 ** 32])('refuses %s shards', (count) => {
    expect(() => shardOf('a', count)).toThrow(/number of shards must be a whole number/);
  });
});

describe('parseShard', () => {
  test('reads i/n, counted from 0', () => {
    expect(parseShard('0/4')).toEqual({ index: 0, count: 4 });
    expect(parseShard('15/16')).toEqual({ index: 15, count: 16 });
  });

  test.each(['4/4', '1/0', '-1/4', '1', '1/', 'a/b', '0/4 ', ''])('refuses %j', (text) => {
    expect(() => parseShard(text)).toThrow(/a shard must be i\/n/);
  });
});
