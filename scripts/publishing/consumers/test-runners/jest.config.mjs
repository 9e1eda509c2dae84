// ES modules in Jest: run it with NODE_OPTIONS=--experimental-vm-modules.
export default {
  testMatch: ['**/*.test.js'],
  transform: {},
  // Needed before Node 24.9 for the Milvus adapter: the SDK requires a Parquet writer, which the adapter never calls,
  // and Jest cannot load the ES module on which it depends.
  moduleNameMapper: { '^@shanghaikid/parquetjs$': '@zilliz/milvus2-sdk-node/package.json' },
};
