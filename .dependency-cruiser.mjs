// The structure that the project keeps: no import cycle, type-only imports included, and arrows between packages that run
// one way. `npm run check:structure` applies it.

/** What each package may import of ours; apps may import every package. */
const borders = {
  tokenizer: [],
  'static-model': [],
  'pooling-kernels': ['tokenizer', 'static-model'],
  'embedding-function': ['tokenizer', 'static-model', 'pooling-kernels'],
  'model-minilm-l6': [],
  'model-minilm-l6-64': [],
  'milvus-adapter': ['embedding-function', 'search'],
  distill: ['tokenizer', 'static-model', 'pooling-kernels', 'embedding-function'],
  search: ['embedding-function', 'pooling-kernels'],
  'site-search': ['tokenizer', 'static-model', 'embedding-function', 'search', 'model-minilm-l6-64'],
  server: ['embedding-function'],
};

const alternatives = (names) => `^packages/(${names.join('|')})/`;

export default {
  forbidden: [
    {
      name: 'no-cycle',
      comment: 'Files that import each other cannot be read, tested or moved one at a time.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'public-exports-only',
      comment: 'A package is imported by its name, never by a path into its folder.',
      severity: 'error',
      from: { path: '^(packages|apps)/([^/]+)/' },
      to: { path: '^(packages|apps)/', pathNot: '^$1/$2/', dependencyTypes: ['local'] },
    },
    {
      name: 'packages-below-apps',
      comment: 'Libraries do not know the terminal or the site.',
      severity: 'error',
      from: { path: '^packages/' },
      to: { path: '^apps/' },
    },
    ...Object.entries(borders).map(([name, allowed]) => ({
      name: `${name}-border`,
      comment: `${name} may import: ${allowed.join(', ') || 'no other package'}.`,
      severity: 'error',
      from: { path: `^packages/${name}/src/`, pathNot: '\\.test\\.ts$' },
      to: { path: '^packages/', pathNot: alternatives([name, ...allowed]) },
    })),
  ],
  options: {
    // Imports of types alone count, too: they tie files together for whoever reads them.
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|fixtures|assembly|\\.cache)/' },
    enhancedResolveOptions: {
      conditionNames: ['@model2vec-ts/source', 'node', 'import', 'default'],
      exportsFields: ['exports'],
      extensions: ['.ts', '.mts', '.js', '.mjs'],
    },
    tsConfig: { fileName: 'tsconfig.base.json' },
  },
};
