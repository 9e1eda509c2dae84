import { mergeConfig, type Plugin, type ViteUserConfig } from 'vitest/config';
import shared from '../../vitest.shared.ts';
import { bundled } from './test/bundled-worker.ts';

/** Worker threads run no TypeScript: theirs is bundled from the sources that are tested. */
const sourceWorker: Plugin = {
  name: 'source-worker',
  enforce: 'pre',
  transform: {
    filter: { id: /threads\/(node|web)\/worker-thread\.ts$/ },
    async handler(code, id) {
      const platform = id.includes('/node/') ? 'node' : 'web';
      const file = await bundled(`threads/${platform}/worker.ts`, platform === 'web' ? 'browser' : 'node');
      return code.replace("new URL('./worker.js', import.meta.url)", `new URL('${file.href}')`);
    },
  },
};

const config: ViteUserConfig = mergeConfig(shared, { plugins: [sourceWorker] });

export default config;
