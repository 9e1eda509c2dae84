import { describe, expect, it } from 'vitest';
import { milvusFilter } from './metadata-filter.js';

describe('milvusFilter', () => {
  it.each([
    [{ lang: 'en' }, 'm["lang"] == "en"'],
    [{ 'a.b': 3 }, 'm["a"]["b"] == 3'],
    [{ a: 1, b: true }, '(m["a"] == 1) and (m["b"] == true)'],
    [{ year: { $gte: 1990, $lt: 2000 } }, '(m["year"] >= 1990) and (m["year"] < 2000)'],
    [{ lang: { $in: ['en', 'de'] } }, '(m["lang"] == "en") or (m["lang"] == "de")'],
    [{ lang: ['en'] }, 'm["lang"] == "en"'],
    [{ lang: { $nin: ['en'] } }, 'not (m["lang"] == "en")'],
    [{ $or: [{ a: 1 }, { b: 2 }] }, '(m["a"] == 1) or (m["b"] == 2)'],
    [{ $not: { a: 1 } }, 'not (m["a"] == 1)'],
    [{ $nor: [{ a: 1 }, { b: 2 }] }, 'not ((m["a"] == 1) or (m["b"] == 2))'],
    [{ a: { $not: { $gt: 1 } } }, 'not (m["a"] > 1)'],
    [{ a: { $exists: false } }, 'not (exists m["a"])'],
    [{ a: null }, 'not (exists m["a"])'],
    [{ tags: { $contains: 'x' } }, 'json_contains(m["tags"], "x")'],
    [{ tags: { $all: ['x', 'y'] } }, 'json_contains_all(m["tags"], ["x", "y"])'],
    [{ a: 'x" or true or "' }, 'm["a"] == "x\\" or true or \\""'],
    [{ 'a"]': 1 }, 'm["a\\"]"] == 1'],
  ])('writes %j', (filter, expression) => {
    expect(milvusFilter(filter, 'm')).toBe(expression);
  });

  it.each([
    [{ a: { $near: 1 } }],
    [{ $where: 'x' }],
    [{ a: { $in: 1 } }],
    [{ a: Number.NaN }],
    [{ $and: 1 }],
  ])('refuses %j', (filter) => {
    expect(() => milvusFilter(filter as never, 'm')).toThrow(TypeError);
  });
});
