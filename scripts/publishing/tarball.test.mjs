import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { packPackage } from './tarball.mjs';

test('a tarball lists dependencies by name, whatever order pnpm resolves them in', async () => {
  const project = mkdtempSync(join(tmpdir(), 'tarball-'));
  try {
    mkdirSync(join(project, 'unsorted'));
    const written = {
      name: 'unsorted',
      version: '1.0.0',
      dependencies: { zebra: '1.0.0', ant: '1.0.0' },
      peerDependencies: { yak: '1.0.0', bee: '1.0.0' },
    };
    writeFileSync(join(project, 'unsorted/package.json'), JSON.stringify(written));
    const { manifest } = await packPackage(
      { name: 'unsorted', folder: 'unsorted' },
      join(project, 'packed'),
      project,
    );
    assert.deepEqual(Object.keys(manifest.dependencies), ['ant', 'zebra']);
    assert.deepEqual(Object.keys(manifest.peerDependencies), ['bee', 'yak']);
  } finally {
    rmSync(project, { recursive: true });
  }
});
