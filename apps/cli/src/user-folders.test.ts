import { homedir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { cacheFolder, stateFolder } from './user-folders.js';

it('places caches and state in the folders of the XDG specification', () => {
  const chosen = { XDG_CACHE_HOME: '/caches', XDG_STATE_HOME: '/states' };
  expect(cacheFolder('find', chosen)).toBe(join('/caches', 'm2v', 'find'));
  expect(stateFolder('index', chosen)).toBe(join('/states', 'm2v', 'index'));
});

it.runIf(process.platform !== 'win32')(
  'uses the home folder without these variables, and if they are relative',
  () => {
    for (const environment of [{}, { XDG_CACHE_HOME: 'caches', XDG_STATE_HOME: '' }]) {
      expect(cacheFolder('find', environment)).toBe(join(homedir(), '.cache', 'm2v', 'find'));
      expect(stateFolder('index', environment)).toBe(join(homedir(), '.local', 'state', 'm2v', 'index'));
    }
  },
);
