/** Exports of `assembly/index.ts`; every argument is a number or an address. */
export interface ClusterExports {
  configure(...values: number[]): void;
  improve(list: number, count: number, clusters: number): void;
}
