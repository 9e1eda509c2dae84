// The Milvus SDK cannot be loaded in vmThreads and vmForks; its tests run in the other pools.
export default { test: { globals: true, include: ['embed.test.js'] } };
