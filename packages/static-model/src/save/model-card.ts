/** Facts for a model card. Missing facts are left out, since they cannot be guessed: above all the licence. */
export interface ModelCardFacts {
  /** Name of the model, such as its Hub id. @defaultValue the last part of the folder's path */
  readonly name?: string;
  /** Hub id of the model that this one was distilled from. */
  readonly baseModel?: string;
  /** Licence, by the Hub's name for it, such as `apache-2.0`. */
  readonly license?: string;
  /** Languages, by their codes, such as `en`. */
  readonly language?: readonly string[];
  /** Tags. @defaultValue the reference's: `embeddings`, `static-embeddings` and `sentence-transformers` */
  readonly tags?: readonly string[];
}

const DEFAULT_TAGS = ['embeddings', 'static-embeddings', 'sentence-transformers'];

/** Formats a value as YAML: bare if that is unambiguous, else in JSON quotes, which YAML accepts. */
function scalar(value: string): string {
  const plain = /^[A-Za-z][\w./-]*(?: [\w./-]+)*$/.test(value);
  return plain && !/^(?:true|false|yes|no|on|off|null|y|n)$/i.test(value) ? value : JSON.stringify(value);
}

function frontMatter(name: string, facts: ModelCardFacts): string {
  const { baseModel, license, language, tags = DEFAULT_TAGS } = facts;
  const list = (key: string, values: readonly string[]): string[] =>
    values.length === 0 ? [] : [`${key}:`, ...values.map((value) => `- ${scalar(value)}`)];
  return [
    '---',
    ...(baseModel === undefined ? [] : [`base_model: ${scalar(baseModel)}`]),
    ...list('language', language ?? []),
    'library_name: model2vec',
    ...(license === undefined ? [] : [`license: ${scalar(license)}`]),
    `model_name: ${scalar(name)}`,
    ...list('tags', tags),
    '---',
  ].join('\n');
}

/** Escapes text for one line of Markdown, so that it cannot end a code block or start a link. */
function inline(text: string): string {
  return text.replace(/[\r\n`[\]<>]+/g, ' ').trim();
}

/**
 * `README.md` of a model: the metadata that the Hub and the reference read, with the keys and order of the reference's
 * card, and how to load the model.
 */
export function modelCardOf(name: string, facts: ModelCardFacts): string {
  const { baseModel } = facts;
  const shown = inline(name);
  const origin =
    baseModel === undefined
      ? 'a Sentence Transformer'
      : `[${inline(baseModel)}](https://huggingface.co/${encodeURI(inline(baseModel))})`;
  return `${frontMatter(name, facts)}

# ${shown} Model Card

A [Model2Vec](https://github.com/MinishLab/model2vec) model, distilled from ${origin}: one vector for each token, and
the mean of a text's tokens for the text. It needs neither a GPU nor an API key.

## Python

\`\`\`sh
pip install model2vec
\`\`\`

\`\`\`python
from model2vec import StaticModel

model = StaticModel.from_pretrained(${JSON.stringify(shown)})
embeddings = model.encode(["Example sentence"])
\`\`\`

## JavaScript and TypeScript

\`\`\`sh
npm install @model2vec-ts/embedding-function
\`\`\`

\`\`\`js
import { Model2VecEmbeddingFunction } from '@model2vec-ts/embedding-function';

const embedder = await Model2VecEmbeddingFunction.create({ modelSource: ${JSON.stringify(shown)} });
const embeddings = await embedder.encode(['Example sentence']);
\`\`\`

The vectors are the same in both.

## Citation

Please cite [Model2Vec](https://github.com/MinishLab/model2vec) by Stephan Tulkens and Thomas van Dongen,
[doi:10.5281/zenodo.17270888](https://doi.org/10.5281/zenodo.17270888), where you publish results.
`;
}
