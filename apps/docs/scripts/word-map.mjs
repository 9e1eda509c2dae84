// Draws the start page's picture: words, placed by the bundled model.
import { Model2VecEmbeddingFunction } from '@model2vec-ts/embedding-function';
import { minilmL6 } from '@model2vec-ts/model-minilm-l6';
import { UMAP } from 'umap-js';

const WORDS = [
  ['cat', 'kitten', 'dog', 'puppy', 'horse', 'rabbit'],
  ['bank', 'loan', 'money', 'debt', 'interest', 'tax'],
  ['violin', 'piano', 'guitar', 'melody', 'song', 'choir'],
  ['ship', 'harbour', 'sailor', 'ocean', 'boat', 'wave'],
  ['bread', 'butter', 'cheese', 'soup', 'pepper', 'recipe'],
  ['moon', 'star', 'planet', 'comet', 'galaxy', 'orbit'],
];

const SIZE = { width: 560, height: 470, margin: 46 };

/** Returns the picture as an SVG in the page's colours. */
export async function wordMap() {
  const embedder = await Model2VecEmbeddingFunction.create({ modelSource: minilmL6 });
  const words = WORDS.flat();
  const vectors = [...embedder.encodeSync(words, { normalize: true })].map((row) => [...row]);
  await embedder.close();
  let seed = 3;
  const random = () => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed / 2_147_483_647;
  };
  const distanceFn = (a, b) => 1 - a.reduce((sum, value, i) => sum + value * b[i], 0);
  const points = new UMAP({ nNeighbors: 10, minDist: 0.9, spread: 1, nEpochs: 800, random, distanceFn }).fit(
    vectors,
  );
  const place = (axis, length) => {
    const values = points.map((point) => point[axis]);
    const [low, high] = [Math.min(...values), Math.max(...values)];
    return values.map((value) => SIZE.margin + ((value - low) / (high - low)) * (length - 2 * SIZE.margin));
  };
  const [x, y] = [place(0, SIZE.width), place(1, SIZE.height)];
  const near = (i, j) => distanceFn(vectors[i], vectors[j]) < 0.62;
  const lines = words.flatMap((_, i) =>
    words.slice(i + 1).flatMap((_, k) => {
      const j = i + 1 + k;
      return near(i, j)
        ? [`<path d="M${x[i].toFixed(1)} ${y[i].toFixed(1)}L${x[j].toFixed(1)} ${y[j].toFixed(1)}"/>`]
        : [];
    }),
  );
  const dots = words.map((word, i) => {
    const group = WORDS.findIndex((list) => list.includes(word));
    return `<g class="g${group}"><circle cx="${x[i].toFixed(1)}" cy="${y[i].toFixed(1)}" r="4.5"/><text x="${x[i].toFixed(1)}" y="${(y[i] - 9).toFixed(1)}">${word}</text></g>`;
  });
  return [
    `<svg class="word-map" viewBox="0 0 ${SIZE.width} ${SIZE.height}" role="img" aria-label="Words placed by the model: words of similar meaning are close together">`,
    ...lines,
    ...dots,
    '</svg>',
  ].join('\n');
}
