import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { root } from '../project-install.mjs';
import { packedFileProblems } from './packed-files.mjs';

const MANIFEST = {
  description: 'x',
  license: 'MIT',
  engines: { node: '>=20' },
  exports: {},
  files: ['dist'],
  dependencies: { a: '^1.0.0', b: '~2.1.0', c: '3.0.0' },
};
const FILES = {
  'package.json': '{}',
  'README.md': '# x',
  LICENSE: 'MIT',
  'dist/index.js': 'export {};\n',
  'dist/index.js.map': JSON.stringify({ sources: ['../src/index.ts'] }),
  'src/index.ts': 'export {};\n',
};

/** Returns the problems of a package that has these files in addition to valid ones. */
function problemsWith(changes, manifest = MANIFEST) {
  const contents = mkdtempSync(join(tmpdir(), 'packed-'));
  try {
    const all = Object.entries({ ...FILES, ...changes }).filter(([, text]) => text !== undefined);
    for (const [path, text] of all) {
      mkdirSync(dirname(join(contents, path)), { recursive: true });
      writeFileSync(join(contents, path), text);
    }
    const files = all.map(([path, text]) => ({ path, bytes: text.length }));
    return packedFileProblems({ contents, files, manifest });
  } finally {
    rmSync(contents, { recursive: true });
  }
}

test('a sound package has no problems', () => {
  assert.deepEqual(problemsWith({}), []);
});

test('tests, fixtures, build files and strays are found', () => {
  assert.deepEqual(
    problemsWith({
      'src/index.test.ts': '',
      'src/fixtures/a.json': '{}',
      'dist/x.tsbuildinfo': '',
      'scripts/generate.py': '',
    }),
    [
      'src/index.test.ts is a test',
      'src/fixtures/a.json is a fixture',
      'dist/x.tsbuildinfo is a file of the build',
      'scripts/generate.py is not of a kind that is published',
    ],
  );
});

test('the folder of the build is found in code', () => {
  const [problem] = problemsWith({ 'dist/index.js': `import '${root.replaceAll('\\', '/')}src/a.js';` });
  assert.match(problem, /^dist\/index\.js names the folder /);
});

test('a source map must refer to published sources', () => {
  assert.deepEqual(problemsWith({ 'src/index.ts': undefined }), [
    'dist/index.js.map leads to src/index.ts, which is not there',
  ]);
});

test('a licence, a README and what describes a package are required', () => {
  const { license, ...manifest } = MANIFEST;
  assert.deepEqual(problemsWith({ LICENSE: undefined, 'README.md': undefined }, manifest), [
    'README.md is missing',
    'LICENSE is missing',
    'package.json has no license',
  ]);
});

test('ranges of the workspace and scripts that run on install are found', () => {
  const manifest = {
    ...MANIFEST,
    dependencies: { a: 'workspace:^' },
    peerDependencies: { b: 'catalog:' },
    scripts: { postinstall: 'node x.js' },
  };
  assert.deepEqual(problemsWith({}, manifest), [
    'package.json has the script postinstall',
    'package.json asks for a workspace:^, which npm cannot resolve',
    'package.json asks for b catalog:, which npm cannot resolve',
  ]);
});
