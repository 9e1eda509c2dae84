import { mergeConfig, type ViteUserConfig } from 'vitest/config';
import shared from '../../vitest.shared.ts';

const config: ViteUserConfig = mergeConfig(shared, {
  // The site has the packages as they are published, and so has the Node that it is compared with.
  resolve: { conditions: [] },
  test: { globalSetup: ['test/global-setup.ts'], testTimeout: 120_000, hookTimeout: 120_000 },
});

export default config;
