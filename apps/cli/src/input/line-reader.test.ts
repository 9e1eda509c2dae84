import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type LineJudge, readLines } from './line-reader.js';

/** Accepts every line. */
const ACCEPTING: LineJudge = { longest: 1024 * 1024, onTooLong: () => undefined, onInvalid: () => undefined };

async function linesOf(...chunks: readonly (string | Uint8Array)[]): Promise<string[]> {
  async function* bytes(): AsyncGenerator<Uint8Array> {
    for (const chunk of chunks) yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
  }
  const lines: string[] = [];
  for await (const some of readLines(bytes(), ACCEPTING)) lines.push(...some);
  return lines;
}

describe('readLines', () => {
  it('ends lines at \\n and \\r\\n, and accepts a last line without an end', async () => {
    expect(await linesOf('a\nb\r\nc')).toEqual(['a', 'b', 'c']);
    expect(await linesOf('a\n')).toEqual(['a']);
    expect(await linesOf('a\n\nb\n')).toEqual(['a', '', 'b']);
    expect(await linesOf('\n')).toEqual(['']);
    expect(await linesOf('')).toEqual([]);
  });

  it('keeps every other separator in its text', async () => {
    expect(await linesOf('a\rb\u2028c\u2029d\u0085e\vf\fg\u0000h\n')).toEqual([
      'a\rb\u2028c\u2029d\u0085e\vf\fg\u0000h',
    ]);
    expect(await linesOf('a\r')).toEqual(['a\r']);
    expect(await linesOf('a\r\r\n')).toEqual(['a\r']);
  });

  it('drops a byte order mark at the start only', async () => {
    expect(await linesOf('\ufeffa\n\ufeffb')).toEqual(['a', '\ufeffb']);
    expect(await linesOf('\ufeff')).toEqual([]);
    expect(await linesOf('\ufeff\n')).toEqual(['']);
    expect(await linesOf('\ufeffa')).toEqual(['a']);
  });

  it('replaces invalid UTF-8 with U+FFFD and still finds the end of the line', async () => {
    expect(await linesOf(Uint8Array.of(0x61, 0xff, 0xe2, 0x82, 0x0a, 0x62))).toEqual(['a\ufffd\ufffd', 'b']);
  });

  it('gives the same lines however the bytes arrive', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: fc.constantFrom('a', 'é', '😀', '\r', '\n', '\r\n', '\u2028', '\ufeff') }),
        fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1 }),
        async (text, sizes) => {
          const bytes = Buffer.from(text);
          const chunks: Uint8Array[] = [];
          for (let at = 0, i = 0; at < bytes.length; at += sizes[i++ % sizes.length]!) {
            chunks.push(bytes.subarray(at, at + sizes[i % sizes.length]!));
          }
          expect(await linesOf(...chunks)).toEqual(await linesOf(bytes));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('reports lines that are too long or invalid UTF-8 by number', async () => {
    async function* chunks(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('first\nlong long');
      yield Buffer.from(' long\nlast \xff', 'latin1');
    }
    const reported: string[] = [];
    const judge: LineJudge = {
      longest: 10,
      onTooLong: (line) => reported.push(`${line} too long`),
      onInvalid: (line) => reported.push(`${line} invalid`),
    };
    const lines: string[] = [];
    for await (const some of readLines(chunks(), judge)) lines.push(...some);
    expect(lines).toEqual(['first', '', 'last \ufffd']);
    expect(reported).toEqual(['2 too long', '3 invalid']);
  });
});
