import { ChunkScan, type ChunkScanOptions } from '../fast/chunk-scan.js';

/** Every other platform: a page would load more code than it saves time, because most pages never embed a corpus. */
export function chunkScanOf(options: ChunkScanOptions): ChunkScan {
  return new ChunkScan(options);
}
