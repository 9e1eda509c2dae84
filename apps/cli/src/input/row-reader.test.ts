import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Found, isProblem, NOT_UTF8 as REASON } from './found-row.js';
import type { InputFile } from './input-file.js';
import type { InputFormat } from './input-format.js';
import { type ReadingOptions, ROW_READING, readRows } from './row-reader.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'm2v-rows-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Read {
  /** `line: row` or `line: ! reason`. */
  readonly found: readonly string[];
  readonly empty: number;
}

async function read(
  format: InputFormat,
  content: string | Uint8Array,
  options: Partial<ReadingOptions> = {},
  name = 'file',
): Promise<Read> {
  const path = join(folder, name);
  await writeFile(path, content);
  return await readFile(path, format, options);
}

async function readFile(
  path: string,
  format: InputFormat,
  options: Partial<ReadingOptions> = {},
): Promise<Read> {
  const { size } = await stat(path);
  const found: Found[] = [];
  let empty = 0;
  let position = 0;
  for await (const batch of readRows(
    { path, format, isNamed: false, size, changed: 0 },
    { ...ROW_READING, ...options },
  )) {
    found.push(...batch.found);
    empty += batch.empty;
    expect(batch.position).toBeGreaterThanOrEqual(position);
    position = batch.position;
  }
  if (found.length > 0) expect(position).toBe(size);
  const described = found.map((each) =>
    isProblem(each) ? `${each.line}: ! ${each.reason}` : `${each.line}: ${JSON.stringify(each.row)}`,
  );
  return { found: described, empty };
}

const bytes = (...parts: readonly (string | number[])[]): Uint8Array =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from(part))));

const NOT_UTF8 = `! ${REASON}`;

describe('text', () => {
  it('becomes one row per line, for any line ends, without the byte order mark', async () => {
    expect(await read('text', '\ufeffone\r\ntwo\nthree \u2028 and\rmore')).toEqual({
      found: ['1: {"text":"one"}', '2: {"text":"two"}', '3: {"text":"three \u2028 and\\rmore"}'],
      empty: 0,
    });
  });

  it('counts and skips blank lines', async () => {
    expect(await read('text', '\n  \nrow\n\t\r\n')).toEqual({ found: ['3: {"text":"row"}'], empty: 3 });
    expect(await read('text', '')).toEqual({ found: [], empty: 0 });
    expect(await read('text', '\ufeff')).toEqual({ found: [], empty: 0 });
  });

  it('reports lines that are not UTF-8, and keeps a real U+FFFD', async () => {
    const content = bytes('good\n', [0x62, 0xff], '\nreal \ufffd\nend ', [0xc3]);
    expect(await read('text', content)).toEqual({
      found: ['1: {"text":"good"}', `2: ${NOT_UTF8}`, '3: {"text":"real \ufffd"}', `4: ${NOT_UTF8}`],
      empty: 0,
    });
  });

  it('skips an overlong line anywhere, and keeps the numbers of the others', async () => {
    const long = 'x'.repeat(17 * 1024 * 1024);
    const reason = '! the line is longer than 16 MiB; split it into lines';
    expect(await read('text', `one\n${long}\nthree\n${long}`)).toEqual({
      found: ['1: {"text":"one"}', `2: ${reason}`, '3: {"text":"three"}', `4: ${reason}`],
      empty: 0,
    });
  });

  it('refuses binary files and suggests a conversion', async () => {
    await expect(read('text', bytes('PNG', [0, 1, 2]))).rejects.toThrow(
      / is a binary file; name a file of texts/,
    );
  });
});

describe('jsonl', () => {
  it('reads text, id and fields, and appends an underscore to reserved names', async () => {
    const lines = [
      '{"text":"a","id":"x","year":1990,"vector":[1],"text_words":"w","nothing":null}',
      '"plain"',
      '',
      '{"text":"b","id":7}',
      '{"text":"  "}',
      '{"text":null,"id":1}',
    ];
    expect(await read('jsonl', `\ufeff${lines.join('\r\n')}`)).toEqual({
      found: [
        '1: {"text":"a","id":"x","year":1990,"vector_":[1],"text_words_":"w"}',
        '2: {"text":"plain"}',
        '4: {"text":"b","id":"7"}',
      ],
      empty: 2,
    });
  });

  it('reads only the named fields', async () => {
    const line = '{"id":"i","url":"u","body":"b","text":"t","year":5,"more":6}';
    const only = { textField: 'body', idField: 'url', fields: ['year'] };
    expect((await read('jsonl', line, only)).found).toEqual(['1: {"text":"b","id":"u","year":5}']);
    const all = { textField: 'body', idField: 'none' };
    expect((await read('jsonl', line, all)).found).toEqual([
      '1: {"text":"b","id_":"i","url":"u","text_":"t","year":5,"more":6}',
    ]);
  });

  it('converts ids exactly to whole numbers if the key is one', async () => {
    const lines = '{"text":"a","id":5}\n{"text":"b","id":"9007199254740993"}\n{"text":"c","id":"x"}\n';
    const path = join(folder, 'ids');
    await writeFile(path, lines);
    const ids: unknown[] = [];
    const file: InputFile = { path, format: 'jsonl', isNamed: false, size: 1, changed: 0 };
    for await (const { found } of readRows(file, { ...ROW_READING, idType: 'int64' })) {
      for (const each of found) ids.push(isProblem(each) ? each.reason : each.row.id);
    }
    expect(ids).toEqual([5, 9007199254740993n, 'id "x" is not a whole number']);
  });

  it('explains for each line without a row what was found', async () => {
    const lines = [
      '{"text": "cut off',
      '[1]',
      '{"body":"b"}',
      '{}',
      '{"text":["a"]}',
      '{"text":"a","id":1.5}',
      '{"text":"a","id":9007199254740993}',
      '{"text":"a","id":{"b":1}}',
    ];
    expect((await read('jsonl', lines.join('\n'))).found).toEqual([
      '1: ! not JSON: found {"text": "cut off',
      '2: ! expected an object or a string; found [1]',
      '3: ! there is no field "text"; found the fields body; pass --text-field',
      '4: ! there is no field "text"; found no field at all; pass --text-field',
      '5: ! field "text" must be a string; found an array',
      '6: ! id 1.5 is not a whole number',
      '7: {"text":"a","id":"9007199254740993"}',
      '8: ! field "id" must be a string or a whole number; found an object',
    ]);
  });
});

describe('csv', () => {
  it('reads columns as fields, and converts plain numbers and booleans', async () => {
    const content =
      'id,text,n,code,flag,none\n1,"one, with ""quotes""",12,007,true,\n2,"two\nlines",-0.5,1e5,no,\n,three,1.50,9007199254740993,false,x\n';
    expect(await read('csv', content)).toEqual({
      found: [
        '2: {"text":"one, with \\"quotes\\"","id":"1","n":12,"code":"007","flag":true}',
        '3: {"text":"two\\nlines","id":"2","n":-0.5,"code":"1e5","flag":"no"}',
        '5: {"text":"three","n":"1.50","code":"9007199254740993","flag":false,"none":"x"}',
      ],
      empty: 0,
    });
    expect((await read('csv', 'text,n\na,12\n', { asStrings: true })).found).toEqual([
      '2: {"text":"a","n":"12"}',
    ]);
  });

  it('numbers lines like an editor, through CRLF, line breaks in quotes and empty lines', async () => {
    const content = '\ufefftext;n\r\n"a\r\nb";1\r\n\r\nshort\r\n"c";2\r\n\r\nd;3';
    expect(await read('csv', content)).toEqual({
      found: [
        '2: {"text":"a\\r\\nb","n":1}',
        '5: ! expected 2 values, one per column; found 1',
        '6: {"text":"c","n":2}',
        '8: {"text":"d","n":3}',
      ],
      empty: 0,
    });
  });

  it('detects or accepts the delimiter, and accepts names for columns without a header', async () => {
    const row = ['2: {"text":"a,b","n":1}'];
    expect((await read('csv', 'text\tn\na,b\t1\n')).found).toEqual(row);
    expect((await read('csv', '"te,xt"|n\n"a,b"|1\n', { textField: 'te,xt' })).found).toEqual(row);
    expect((await read('csv', 'a,b:1\n', { delimiter: ':', columns: ['text', 'n'] })).found).toEqual([
      '1: {"text":"a,b","n":1}',
    ]);
  });

  it('keeps a stray quote in its value and loses no later row', async () => {
    const content = 'text,n\n6" nail,1\n"a "5 inch" pipe",2\n"quo"te,3\nlast,4\n';
    expect((await read('csv', content)).found).toEqual([
      '2: {"text":"6\\" nail","n":1}',
      '3: {"text":"\\"a \\"5 inch\\" pipe\\"","n":2}',
      '4: {"text":"\\"quo\\"te","n":3}',
      '5: {"text":"last","n":4}',
    ]);
  });

  it('reports where an unclosed quote was opened', async () => {
    expect((await read('csv', 'text,n\na,1\n"never,2\nb,3\n')).found).toEqual([
      '2: {"text":"a","n":1}',
      '3: ! a quote is opened here and never closed, so the rest of the file is inside it',
    ]);
    const endless = `text,n\na,1\n"${'row of a large file,2\n'.repeat(900_000)}`;
    await expect(read('csv', endless)).rejects.toThrow(
      /:3: the record is longer than 16 MiB; look for a quote there that is never closed/,
    );
  });

  it('reports invalid UTF-8, missing columns, and duplicate column names', async () => {
    const content = bytes('text,n\ngood,1\n', [0xe9], 'te,2\n');
    expect((await read('csv', content)).found).toEqual(['2: {"text":"good","n":1}', `3: ${NOT_UTF8}`]);
    expect((await read('csv', 'body,n\na,1\n')).found).toEqual([
      '2: ! there is no field "text"; found the fields body, n; pass --text-field',
    ]);
    await expect(read('csv', 'text,n,n\na,1,2\n')).rejects.toThrow(/two columns are named "n"; rename one/);
  });

  it('gives no rows for an empty file or a header alone', async () => {
    expect(await read('csv', '')).toEqual({ found: [], empty: 0 });
    expect(await read('csv', 'text,n\n')).toEqual({ found: [], empty: 0 });
  });
});

describe('parquet', () => {
  const fixture = (name: string): string => fileURLToPath(new URL(`../../fixtures/${name}`, import.meta.url));

  it('reads what pyarrow wrote, across row groups, with values as in JSON', async () => {
    const { found, empty } = await readFile(fixture('rows.parquet'), 'parquet');
    expect(empty).toBe(2);
    const fields = (n: number): string => `"score":${n + 0.5},"day":"2020-01-0${n + 1}T00:00:00.000Z"`;
    expect(found).toEqual([
      `1: {"text":"first text","id":"1","year":1990,${fields(0)},"tags":["a","b"],"place":{"city":"Bonn","n":0},"flag":true,"raw":"plain"}`,
      `3: {"text":"third text","id":"3",${fields(2)},"place":{"city":"Bonn","n":2},"raw":"plain"}`,
      `5: {"text":"fünfter 文本 🙂","id":"9007199254740993","year":1994,${fields(4)},"tags":["d"],"place":{"city":"Bonn","n":4},"flag":false}`,
      `6: {"text":"sixth text","id":"6","year":1995,${fields(5)},"tags":["e"],"place":{"city":"Bonn","n":5},"flag":true}`,
    ]);
  });

  it('reads decimals and times exactly, and names the columns that cannot be stored', async () => {
    const notices: string[] = [];
    const { found } = await readFile(fixture('exact.parquet'), 'parquet', {
      onNotice: (line) => notices.push(line.replace(/^.*exact\.parquet: /, '')),
    });
    expect(found).toEqual([
      '1: {"text":"first text","price":0.3,"micros":"2023-11-14T22:13:20.123456Z","nanos":"2023-11-14T22:13:20.123456789Z"}',
      '2: {"text":"second text","price":"-12345678901234567.8","micros":"1969-12-31T23:59:59.999999Z","nanos":"2023-11-14T22:13:20.123Z"}',
    ]);
    expect(notices).toEqual([
      'column "prices" holds decimals that cannot be read exactly; it is left out',
      'column "" has no name; it is left out',
      'column "$meta" has a name that Milvus reserves; it is left out',
      'column "image" holds bytes that are not text in row 1; it is left out',
    ]);
  });

  it('reads the requested columns, and zstd', async () => {
    const named = { fields: ['flag'], idField: 'none' };
    expect((await readFile(fixture('rows.parquet'), 'parquet', named)).found.at(-1)).toBe(
      '6: {"text":"sixth text","flag":true}',
    );
    expect((await readFile(fixture('rows-zstd.parquet'), 'parquet')).found[0]).toBe(
      '1: {"text":"first text","year":1990}',
    );
  });

  it('reports a file that is not Parquet', async () => {
    await expect(read('parquet', 'not parquet at all')).rejects.toThrow(
      /cannot read .* as Parquet: it does not begin with PAR1/,
    );
    await expect(read('parquet', '')).rejects.toThrow(
      /cannot read .* as Parquet: it does not begin with PAR1/,
    );
  });
});

describe('markdown', () => {
  it('becomes chunks with file, headings and lines', async () => {
    const { found } = await read(
      'markdown',
      '\ufeff# Title\r\n\r\nWords.\r\n\r\n## Part\r\n\r\n- one\r\n- two\r\n',
    );
    const source = JSON.stringify(join(folder, 'file'));
    expect(found).toEqual([
      `3: {"text":"Title\\n\\nWords.","source":${source},"headings":["Title"],"line":3,"end_line":3}`,
      `7: {"text":"Title › Part\\n\\n- one\\r\\n- two","source":${source},"headings":["Title","Part"],"line":7,"end_line":8}`,
    ]);
  });

  it('reports the chunk that is not UTF-8', async () => {
    const { found } = await read(
      'markdown',
      bytes('# A\n\nfine \ufffd\n\n# B\n\nbad ', [0xff], '\n\n# C\n\nfine\n'),
    );
    expect(found.map((each) => each.slice(0, 20))).toEqual([
      // A real U+FFFD in such a document is equally suspect.
      '3: ! it has bytes th',
      '7: ! it has bytes th',
      '11: {"text":"C\\n\\nfi',
    ]);
  });
});
