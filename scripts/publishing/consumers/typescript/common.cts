// CommonJS: Node and TypeScript let it require what is ESM.
import { loadTokenizer } from '@model2vec-ts/tokenizer';

export const family: string = loadTokenizer({
  version: '1.0',
  model: { type: 'WordLevel', vocab: { hello: 0, '[UNK]': 1 }, unk_token: '[UNK]' },
}).family;
