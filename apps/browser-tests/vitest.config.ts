import { mergeConfig, type ViteUserConfig } from 'vitest/config';
import shared from '../../vitest.shared.ts';

const config: ViteUserConfig = mergeConfig(shared, {
  // The page has the packages as they are published, and so has the Node that it is compared with.
  resolve: { conditions: [] },
  test: {
    globalSetup: ['test/global-setup.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // By default Vitest leaves a core to itself, so that two cores run one file at a time. Files here mostly wait for browsers.
    maxWorkers: 2,
  },
});

export default config;
