// A page's program: nothing of Node, and none of its types.
import { Model2VecEmbeddingFunction } from '@model2vec-ts/embedding-function';
import { minilmL6 } from '@model2vec-ts/model-minilm-l6';
import { loadTokenizer, type Tokenizer } from '@model2vec-ts/tokenizer';

const response = await fetch(minilmL6['tokenizer.json']);
const tokenizer: Tokenizer = loadTokenizer(await response.text());
const embedder = await Model2VecEmbeddingFunction.create({ modelSource: minilmL6, kernel: 'js' });
const { data, rows, dim } = embedder.encodeSync([document.title]);
document.body.textContent = `${tokenizer.family}: ${rows} × ${dim}, ${data[0]}`;
