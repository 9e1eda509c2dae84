// Jest's CommonJS: Babel converts the ES modules of these packages.
export default {
  testMatch: ['**/*.test.js'],
  transform: {
    '\\.js$': [
      'babel-jest',
      {
        presets: [['@babel/preset-env', { targets: { node: 'current' }, modules: 'commonjs' }]],
        plugins: ['babel-plugin-transform-import-meta'],
      },
    ],
  },
  transformIgnorePatterns: ['/node_modules/(?!@model2vec-ts/)'],
  moduleNameMapper: { '^@shanghaikid/parquetjs$': '@zilliz/milvus2-sdk-node/package.json' },
};
