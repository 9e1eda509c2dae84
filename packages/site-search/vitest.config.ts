import { mergeConfig, type ViteUserConfig } from 'vitest/config';
import shared from '../../vitest.shared.ts';

// By default Vitest leaves a core to itself, so that two cores run one file at a time; two files take most of the time here.
const config: ViteUserConfig = mergeConfig(shared, { test: { maxWorkers: 2 } });

export default config;
