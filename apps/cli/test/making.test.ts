import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
// The fake Hub is the test server of the package that talks to the Hub.
import { type HubContent, HubServer } from '../../../packages/static-model/test/hub/hub-server.js';
import { type Ended, ended, M2V, m2v, startM2v, temporaryFolder } from './run-m2v.js';

/**
 * A tiny random BERT and the model that Python distils from it, recorded by the package's
 * scripts/record-distillation.py.
 */
const FIXTURES = fileURLToPath(new URL('../../../packages/distill/src/fixtures/', import.meta.url));
const TEACHER = join(FIXTURES, 'teachers/bert');
/** The name under which Python recorded it. */
const NAMED = ['--teacher-name', 'teachers/bert'];

let folder: string;
let texts: string;
let own: string;

beforeAll(async () => {
  folder = await temporaryFolder();
  texts = join(folder, 'texts.txt');
  own = join(folder, 'own.jsonl');
  await writeFile(texts, `${sentences(3000, 1).join('\n')}\n`);
  await writeFile(
    own,
    sentences(40, 2)
      .map((text) => `${JSON.stringify({ text })}\n`)
      .join(''),
  );
});

/** Different sentences of words in the teacher's vocabulary. */
function sentences(count: number, seed: number): string[] {
  const words =
    'the river rises in northern mountains and flows into sea a small bird that lives near water feeds on insects how do i change address my card an act of moving something from one place to another state being free disturbance'.split(
      ' ',
    );
  let state = seed;
  const random = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  return Array.from({ length: count }, () =>
    Array.from({ length: 4 + random(12) }, () => words[random(words.length)]!).join(' '),
  );
}

const model = (name: string): Promise<Buffer> => readFile(join(folder, name, 'model.safetensors'));
const adaptation = (output: string, cache: string, ...more: readonly string[]): string[] => [
  ...['distill', TEACHER, '--texts', texts, '--own', own, '--dimensionality', '16', '--dtype', 'float32'],
  ...['--lambda', '0.03', '--cache-dir', join(folder, cache), '--output', join(folder, output), ...more],
];

async function failure(...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await m2v(args, { cwd: folder });
  expect([code, stdout.toString()]).toEqual([1, '']);
  expect(stderr).not.toMatch(/unexpected|\n.*\n/);
  return stderr;
}

/** A copy of the teacher with changed files; `undefined` leaves a file out. */
async function changedTeacher(
  name: string,
  files: Readonly<Record<string, ((bytes: Buffer) => string | Buffer) | undefined>>,
): Promise<string> {
  const copy = join(folder, name);
  await cp(TEACHER, copy, { recursive: true });
  for (const [file, change] of Object.entries(files)) {
    const path = join(copy, file);
    if (change === undefined) await rm(path);
    else await writeFile(path, change(await readFile(path)));
  }
  return copy;
}

describe('m2v distill', () => {
  it('writes the files that Python writes, and reports them', async () => {
    const { code, stderr } = await m2v([
      ...['distill', TEACHER, ...NAMED, '--dimensionality', '12', '--dtype', 'int8'],
      ...['--output', join(folder, 'int8')],
    ]);
    expect(code).toBe(0);
    expect(stderr).toMatch(/^\d+ KB in .*int8: 135 × 12 int8, 0:\d\d\n$/);
    for (const file of ['config.json', 'tokenizer.json']) {
      const [found, recorded] = await Promise.all(
        [join(folder, 'int8', file), join(FIXTURES, 'distilled/bert-int8', file)].map(
          async (path): Promise<unknown> => JSON.parse(await readFile(path, 'utf8')),
        ),
      );
      expect(found).toEqual(recorded);
    }
    const [found, recorded] = [
      await model('int8'),
      await readFile(join(FIXTURES, 'distilled/bert-int8/model.safetensors')),
    ];
    const steps = Array.from(found.subarray(-135 * 12), (byte, i) => {
      const other = recorded.subarray(-135 * 12)[i]!;
      return Math.abs(((byte << 24) >> 24) - ((other << 24) >> 24));
    });
    expect(Math.max(...steps)).toBeLessThanOrEqual(1);
  });

  it('adds words, and keeps all dimensions', async () => {
    const words = join(folder, 'words.txt');
    await writeFile(words, 'quux\nNew York\n');
    const output = join(folder, 'words');
    const args = ['--words', words, '--dimensionality', 'none', '--sif', 'none', '--output', output];
    expect(await m2v(['distill', TEACHER, ...args, '--quiet'])).toMatchObject({ code: 0, stderr: '' });
    const { stdout } = await m2v(['tokenize', '--model', output, 'quux in New York']);
    // The word and the phrase are the two tokens after the teacher's 135.
    expect(JSON.parse(stdout.toString())).toEqual([135, expect.any(Number), 136]);
  });

  it('refuses options that have no effect', async () => {
    const { code, stderr } = await m2v(['distill', TEACHER, '--texts', texts, '--sif', 'none', '-o', 'x']);
    expect([code, stderr]).toEqual([
      2,
      'm2v: --sif has no effect with --texts or --own; leave one of them out\n',
    ]);
  });
});

describe('a teacher of the Hub', () => {
  const hub = new HubServer();
  beforeAll(() => hub.start());
  afterAll(() => hub.stop());

  it('is downloaded once, and makes the model that its folder makes', async () => {
    const files: Record<string, HubContent> = {};
    for (const name of readdirSync(TEACHER)) {
      files[name] = { bytes: await readFile(join(TEACHER, name)), lfs: name.endsWith('.safetensors') };
    }
    files['pytorch_model.bin'] = { bytes: new Uint8Array(5000), lfs: true };
    hub.commit('org/tiny-bert', files);
    const env: NodeJS.ProcessEnv = { HF_HUB_CACHE: join(folder, 'hub'), HF_TOKEN_PATH: join(folder, 'none') };
    for (const name of Object.keys(process.env)) {
      if (/^(?:HF_|HUGGING|TRANSFORMERS_)|_PROXY$/i.test(name)) env[name] ??= undefined;
    }
    env.HF_ENDPOINT = hub.url;
    const run = (teacher: string, output: string): Promise<Ended> =>
      m2v(['distill', teacher, '--teacher-name', 'tiny', '--quiet', '--output', join(folder, output)], {
        env,
      });
    expect(await run('org/tiny-bert', 'hub-model')).toMatchObject({ code: 0, stderr: '' });
    expect(hub.seen.some(({ path }) => path.includes('pytorch_model'))).toBe(false);
    const requests = hub.seen.length;
    expect(await run('org/tiny-bert', 'hub-model')).toMatchObject({ code: 0, stderr: '' });
    expect(hub.seen.length).toBe(requests);
    await run(TEACHER, 'folder-model');
    expect(await model('hub-model')).toEqual(await model('folder-model'));

    const { code, stderr } = await run('org/no-such', 'x');
    expect([code, stderr]).toEqual([1, expect.stringMatching(/^m2v: org\/no-such: the Hub/)]);

    const set = join(folder, 'one-query.json');
    await writeFile(set, JSON.stringify({ corpus: ['a', 'b'], queries: ['a'], top10: [[0]] }));
    const unknown = await m2v(
      ['evaluate', 'bundled', '--teacher', 'org/tiny-bert', '--teacher-revision', 'v9', '--retention', set],
      { env },
    );
    expect([unknown.code, unknown.stderr]).toEqual([1, expect.stringContaining('no revision "v9"')]);
  });
});

describe('m2v distill --texts, stopped', () => {
  let expected: Buffer;
  let milliseconds: number;

  beforeAll(async () => {
    const begun = performance.now();
    const { code, stderr } = await m2v(adaptation('whole', 'whole-cache'));
    milliseconds = performance.now() - begun;
    expect([code, stderr]).toEqual([
      0,
      expect.stringMatching(/: 135 × 16 float32, 3,0\d\d texts, lambda 0\.03, 0:\d\d\n$/),
    ]);
    expected = await model('whole');
  });

  it('by kill -9 at any moment leaves no model, and the next run makes the same one', async () => {
    for (let step = 1; step <= 8; step++) {
      const child = startM2v(adaptation('killed', 'killed-cache'));
      const end = ended(child);
      setTimeout(() => child.kill('SIGKILL'), (milliseconds * step) / 9);
      const { code } = await end;
      // Another run may be faster than the first one was.
      if (code !== null) break;
      const found = existsSync(join(folder, 'killed')) ? readdirSync(join(folder, 'killed')) : [];
      // The folder appears with all its files, which happens if the kill comes just before the end.
      if (found.length === 0) continue;
      expect((await model('killed')).equals(expected)).toBe(true);
      expect(found).toEqual(expect.arrayContaining(['config.json', 'tokenizer.json']));
      break;
    }
    const { code, stderr } = await m2v(adaptation('killed', 'killed-cache'));
    expect([code, stderr]).toEqual([0, expect.stringMatching(/texts \([\d,]+ from the cache\)/)]);
    expect((await model('killed')).equals(expected)).toBe(true);
    expect(readdirSync(join(folder, 'killed')).sort()).toEqual(readdirSync(join(folder, 'whole')).sort());
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('by %s says so, ends with %d, and continues from the cache', async (signal, code) => {
    const cache = `${signal}-cache`;
    const child = startM2v(adaptation(signal, cache));
    const end = ended(child);
    // Waits for the tokens and one batch of texts.
    const batches = (): number =>
      existsSync(join(folder, cache))
        ? readdirSync(join(folder, cache), { recursive: true }).filter((name) =>
            String(name).endsWith('.vectors'),
          ).length
        : 0;
    while (batches() < 2) await new Promise((resolve) => setTimeout(resolve, 5));
    child.kill(signal);
    expect(await end).toMatchObject({
      code,
      stderr: 'm2v: interrupted, nothing was written; the same command continues from the cache\n',
    });
    expect(existsSync(join(folder, signal))).toBe(false);
    expect(await m2v(adaptation(signal, cache))).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('from the cache'),
    });
    expect((await model(signal)).equals(expected)).toBe(true);
  });

  it('by a full disk names the folder, and keeps what was written before', async ({ skip }) => {
    const run = async (size: string, ...paths: readonly string[]): Promise<Ended> => {
      const script = `mount -t tmpfs -o size=${size} none /mnt || exit 77\n"$@"; code=$?; ls -AR /mnt; exit $code`;
      const args = adaptation('x', 'x').slice(0, -4);
      return await ended(
        spawn('unshare', ['-Urm', 'sh', '-c', script, 'sh', process.execPath, M2V, ...args, ...paths], {
          env: { ...process.env, NO_COLOR: '' },
        }),
      );
    };
    const full = await run('200k', '--cache-dir', '/mnt/cache', '--output', join(folder, 'full'));
    if (full.code === 77 || full.stderr.includes('unshare')) skip('this user may not mount a small disk');
    expect([full.code, full.stderr]).toEqual([
      1,
      expect.stringMatching(
        /^m2v: the disk of the cache \/mnt\/cache\/\w+ is full; free some space, or pass another --cache-dir; vectors that were written are kept\n$/,
      ),
    ]);
    expect(full.stdout.toString()).toMatch(/\.vectors/);
    expect(full.stdout.toString()).not.toMatch(/\.tmp/);
    expect(existsSync(join(folder, 'full'))).toBe(false);

    const output = await run('8k', '--cache-dir', join(folder, 'whole-cache'), '--output', '/mnt/model');
    expect([output.code, output.stderr]).toEqual([
      1,
      expect.stringMatching(/^m2v: cannot write \/mnt\/model\/.*: the disk is full; free space/),
    ]);
    expect(output.stdout.toString()).not.toMatch(/safetensors|json/);
  });
});

describe('m2v adapt', () => {
  it('starts from a model, whose tokenizer stays', async () => {
    const from = join(folder, 'from');
    await m2v(['distill', TEACHER, '--output', from, '--quiet']);
    const args = [
      '--teacher',
      TEACHER,
      '--texts',
      texts,
      '--dimensionality',
      '8',
      '--no-cache',
      '--threads',
      '1',
    ];
    const output = join(folder, 'adapted');
    const { code, stderr } = await m2v(['adapt', from, ...args, '--output', output]);
    expect([code, stderr]).toEqual([
      0,
      expect.stringMatching(/: 135 × 8 float16, 3,000 texts, lambda 0\.\d+ \(keeps/),
    ]);
    expect(await readFile(join(output, 'tokenizer.json'))).toEqual(
      await readFile(join(from, 'tokenizer.json')),
    );
    // The result adapts again, and replaces the folder it came from.
    expect(await m2v(['adapt', output, ...args, '--output', output, '--quiet'])).toMatchObject({
      code: 0,
      stderr: '',
    });
  });

  it('needs texts', async () => {
    const { code, stderr } = await m2v(['adapt', TEACHER, '--teacher', TEACHER, '--output', 'x']);
    expect([code, stderr]).toEqual([2, 'm2v: name texts to adapt to with --texts, --own or both\n']);
  });
});

describe('bad input', () => {
  const into = ['--output', 'never', '--no-cache'];
  const needed =
    /^m2v: \d different texts with known tokens cannot determine 24 dimensions; name files with at least 24 texts, better 20,000, or pass a smaller --dimensionality\n$/;

  it.each([
    ['no text', ''],
    ['one text', 'the river\n'],
    ['the same text again and again', 'the river\n'.repeat(100)],
    ['texts without a known token', '東京\n大阪\n'.repeat(30)],
  ])('%s: is too little', async (_, content) => {
    await writeFile(join(folder, 'few.txt'), content);
    expect(await failure('distill', TEACHER, '--texts', 'few.txt', ...into)).toMatch(needed);
  });

  it('a text of a megabyte counts as far as the teacher reads it', async () => {
    const long = 'the river rises in the mountains '.repeat(32_768);
    await writeFile(join(folder, 'long.jsonl'), `${JSON.stringify({ text: long })}\n`);
    const args = ['--dimensionality', '8', '--no-cache', '--lambda', '0.1', '--output', join(folder, 'long')];
    const { code, stderr } = await m2v([
      'distill',
      TEACHER,
      '--texts',
      texts,
      join(folder, 'long.jsonl'),
      ...args,
    ]);
    expect([code, stderr]).toEqual([0, expect.stringContaining('3,001 texts')]);
  });

  it('a decoder is named', async () => {
    const decoder = (bytes: Buffer): string =>
      JSON.stringify({
        ...JSON.parse(bytes.toString()),
        model_type: 'gpt2',
        architectures: ['GPT2LMHeadModel'],
      });
    await changedTeacher('decoder', { 'config.json': decoder });
    expect(await failure('distill', 'decoder', ...into)).toBe(
      'm2v: decoder generates text: config.json has ["GPT2LMHeadModel"]; name a sentence transformer, which encodes text\n',
    );
  });

  it('an architecture that no graph is written for is named, with the way to export it', async () => {
    const other = (bytes: Buffer): string =>
      JSON.stringify({
        ...JSON.parse(bytes.toString()),
        model_type: 'modernbert',
        architectures: ['ModernBertModel'],
      });
    await changedTeacher('other', { 'config.json': other });
    expect(await failure('distill', 'other', ...into)).toMatch(
      /^m2v: other has the architecture "modernbert".*; run optimum-cli export onnx --model other /,
    );
  });

  it('a teacher without its tokenizer, its weights or its config is named', async () => {
    await changedTeacher('no-tokenizer', { 'tokenizer.json': undefined });
    expect(await failure('distill', 'no-tokenizer', ...into)).toMatch(
      /^m2v: no-tokenizer has no tokenizer\.json; save it in Python: AutoTokenizer/,
    );
    await changedTeacher('no-weights', { 'model.safetensors': undefined });
    expect(await failure('distill', 'no-weights', ...into)).toMatch(
      /^m2v: no-weights has no onnx\/model\.onnx, and no model\.onnx, and no model\.safetensors; run optimum-cli/,
    );
    await changedTeacher('no-config', { 'config.json': undefined });
    expect(await failure('distill', 'no-config', ...into)).toMatch(
      /^m2v: no-config has no config\.json; name the/,
    );
    expect(await failure('distill', 'no/such/folder', ...into)).toMatch(
      /^m2v: there is no folder no\/such\/folder; /,
    );
  });

  it.each([
    ['config.json', '{"model_type": '],
    ['config.json', '[]'],
    ['tokenizer.json', '{}'],
    ['model.safetensors', 'nothing'],
  ])('a damaged %s (%s) is named', async (file, content) => {
    await rm(join(folder, 'damaged'), { recursive: true, force: true });
    await changedTeacher('damaged', { [file]: () => content });
    expect(await failure('distill', 'damaged', ...into)).toContain(file);
  });

  it('weights that are no numbers give no model', async () => {
    const broken = (bytes: Buffer): Buffer => {
      const begin = 8 + Number(bytes.readBigUInt64LE(0));
      const header = JSON.parse(bytes.subarray(8, begin).toString()) as Record<
        string,
        { data_offsets: number[] }
      >;
      const [from, to] = header['embeddings.LayerNorm.weight']!.data_offsets as [number, number];
      for (let at = begin + from; at < begin + to; at += 4) bytes.writeFloatLE(Number.NaN, at);
      return bytes;
    };
    await changedTeacher('broken', { 'model.safetensors': broken });
    expect(await failure('distill', 'broken', ...into)).toBe(
      'm2v: broken gives no token a vector of finite numbers; its weights are probably damaged\n',
    );
    expect(await failure('distill', 'broken', '--texts', texts, ...into)).toMatch(
      /^m2v: broken gives (?:no token|the text ".*") (?:a|no) .*finite/,
    );
  });

  it('without ONNX Runtime says what to install', async () => {
    const hidden = join(folder, 'hidden.mjs');
    await writeFile(
      hidden,
      `export function resolve(specifier, context, next) {
  if (specifier !== 'onnxruntime-node') return next(specifier, context);
  throw Object.assign(new Error('Cannot find package'), { code: 'ERR_MODULE_NOT_FOUND' });
}`,
    );
    const register = `data:text/javascript,import{register}from'node:module';register(${JSON.stringify(pathToFileURL(hidden).href)})`;
    const { code, stderr } = await m2v(['distill', TEACHER, ...into], {
      cwd: folder,
      nodeFlags: ['--import', register],
    });
    expect([code, stderr]).toEqual([
      1,
      'm2v: a teacher runs in ONNX Runtime, which is not installed; run npm install onnxruntime-node (with --global if m2v is installed globally)\n',
    ]);
  });

  afterAll(() => {
    expect(existsSync(join(folder, 'never'))).toBe(false);
  });
});

describe('m2v evaluate', () => {
  beforeAll(async () => {
    await m2v(['distill', TEACHER, '--output', join(folder, 'measured'), '--quiet']);
    const corpus = sentences(60, 5);
    const queries = sentences(10, 6);
    const top10 = queries.map((_, i) => Array.from({ length: 10 }, (_, k) => (i * 6 + k) % 60));
    await writeFile(join(folder, 'set.json'), JSON.stringify({ corpus, queries, top10 }));
    await writeFile(
      join(folder, 'pairs.csv'),
      `sentence1,sentence2,score\n${corpus.map((text, i) => `"${text}",${corpus[(i * 7) % 60]},${i % 6}\n`).join('')}`,
    );
    const beir = join(folder, 'beir');
    await mkdir(join(beir, 'qrels'), { recursive: true });
    await writeFile(
      join(beir, 'corpus.jsonl'),
      corpus.map((text, i) => `${JSON.stringify({ _id: `d${i}`, text })}\n`).join(''),
    );
    await writeFile(join(beir, 'queries.jsonl'), `${JSON.stringify({ _id: 'q', text: corpus[3] })}\n`);
    await writeFile(join(beir, 'qrels/test.tsv'), 'query-id\tcorpus-id\tscore\nq\td3\t1\n');
  });

  it('measures models and a teacher side by side', async () => {
    const { code, stdout, stderr } = await m2v(
      [
        ...['evaluate', 'measured', 'bundled', '--teacher', TEACHER, '--retention', 'set.json'],
        ...['--pairs', 'pairs.csv', '--retrieval', 'beir'],
      ],
      { cwd: folder },
    );
    expect([code, stderr]).toEqual([0, '']);
    const lines = stdout.toString().trimEnd().split('\n');
    expect(lines[0]).toMatch(/^task +figure +measured +bundled +\/.*bert$/);
    for (const line of lines.slice(1)) {
      expect(line).toMatch(
        /^(?:set|pairs\.csv|beir) +\S+(?: {2,}-?\d\.\d{4} \[-?\d\.\d{3}, -?\d\.\d{3}\] *){3}$/,
      );
    }
    // A query that is a document itself is found first.
    const ndcg = lines.find((line) => line.includes('nDCG@10') || line.includes('ndcg@10'))!;
    expect(ndcg.match(/1\.0000/g)).toHaveLength(3);
  });

  it("keeps the teacher's vectors for the next run", async () => {
    const cache = join(folder, 'evaluated-cache');
    const cached = (): string[] =>
      existsSync(cache) ? readdirSync(cache, { recursive: true }).map(String).sort() : [];
    const run = (...flags: readonly string[]): Promise<Ended> =>
      m2v(['evaluate', 'measured', '--teacher', TEACHER, '--retention', 'set.json', ...flags], {
        cwd: folder,
      });
    const uncached = await run('--no-cache', '--cache-dir', cache);
    expect([uncached.code, cached()]).toEqual([0, []]);
    const first = await run('--cache-dir', cache);
    const files = cached();
    expect([first.code, first.stdout]).toEqual([0, uncached.stdout]);
    expect(files.filter((name) => name.endsWith('.vectors'))).not.toEqual([]);
    const again = await run('--cache-dir', cache);
    expect([again.code, again.stdout, cached()]).toEqual([0, first.stdout, files]);
  });

  it('prints JSON', async () => {
    const { stdout } = await m2v(['evaluate', 'measured', '--retention', 'set.json', '--json'], {
      cwd: folder,
    });
    expect(JSON.parse(stdout.toString())).toEqual([
      expect.objectContaining({
        model: 'measured',
        task: 'set',
        metric: 'retention@10',
        value: expect.any(Number),
      }),
    ]);
  });

  it.each([
    ['--retention', 'no.json', /cannot read no\.json: there is no such file/],
    ['--retention', 'pairs.csv', /pairs\.csv is not JSON/],
    ['--pairs', 'set.json', /set\.json/],
    ['--retrieval', 'measured', /measured has no qrels\/test\.tsv/],
  ])('names what is wrong with %s %s', async (flag, file, message) => {
    expect(await failure('evaluate', 'measured', flag, file)).toMatch(message);
  });

  it('needs a set', async () => {
    expect(await m2v(['evaluate', 'bundled'])).toMatchObject({
      code: 2,
      stderr: 'm2v: name at least one of --retention, --pairs and --retrieval\n',
    });
  });
});
