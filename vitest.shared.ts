import { defineConfig, type ViteUserConfig } from 'vitest/config';

/** Long, as a disk that is shared with others can keep a test waiting for half a minute. */
const TIMEOUT = 120_000;

/** Tests run against the sources of every package of this repository, so that no build is needed first. */
const config: ViteUserConfig = defineConfig({
  resolve: { conditions: ['@model2vec-ts/source'] },
  ssr: { resolve: { conditions: ['@model2vec-ts/source'], externalConditions: ['@model2vec-ts/source'] } },
  test: { include: ['src/**/*.test.ts', 'test/**/*.test.ts'], testTimeout: TIMEOUT, hookTimeout: TIMEOUT },
});

export default config;
