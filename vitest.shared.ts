import { defineConfig, type ViteUserConfig } from 'vitest/config';

/** Tests run against the sources of every package of this repository, so that no build is needed first. */
const config: ViteUserConfig = defineConfig({
  resolve: { conditions: ['@model2vec-ts/source'] },
  ssr: { resolve: { conditions: ['@model2vec-ts/source'], externalConditions: ['@model2vec-ts/source'] } },
  test: { include: ['src/**/*.test.ts', 'test/**/*.test.ts'], testTimeout: 30_000 },
});

export default config;
