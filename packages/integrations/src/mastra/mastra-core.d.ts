// The part of @mastra/core that MilvusVector needs. The package itself brings 150 others, so that it is installed only
// where scripts/check-integrations.mjs compiles and runs against it.
declare module '@mastra/core/vector' {
  export interface QueryResult {
    id: string;
    score: number;
    metadata?: Record<string, unknown>;
    vector?: number[];
  }

  export interface IndexStats {
    dimension: number;
    count: number;
    metric?: 'cosine' | 'euclidean' | 'dotproduct';
  }

  export abstract class MastraVector {
    constructor(options: { id: string });
    id: string;
    protected validateExistingIndex(indexName: string, dimension: number, metric: string): Promise<void>;
  }
}
