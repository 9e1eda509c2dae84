import { mergeConfig, type ViteUserConfig } from 'vitest/config';
import shared from '../../vitest.shared.ts';

/** The servers are those of the adapter's tests: one way to install, start and end a Milvus is enough. */
const config: ViteUserConfig = mergeConfig(shared, {
  test: {
    globalSetup: ['../../packages/milvus-adapter/test/servers/global-setup.ts', 'test/installed-shells.ts'],
    // Each test waits for a program that it has started; those with a server wait for that one besides.
    maxWorkers: 3,
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});

export default config;
