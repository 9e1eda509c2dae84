// A server's program with its dependencies in one file; the model's files stay in their package.
export default {
  build: { ssr: 'main.js', outDir: 'out' },
  ssr: { noExternal: true, external: ['@model2vec-ts/model-minilm-l6'] },
};
