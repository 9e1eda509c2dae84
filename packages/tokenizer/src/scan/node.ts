import type { ChunkRule, PipelineJson } from '../fast/chunk-rule.js';
import { ChunkScan, type ChunkScanOptions } from '../fast/chunk-scan.js';
import type { PipelineText } from '../pipeline-text.js';
import type { TokenizerParts } from '../tokenizer-pipeline.js';
import { plainWordsOf } from '../words/plain-words.js';
import { WordScan } from '../words/word-scan.js';

/** Node: the code for new words is on disk, so it is used wherever it can be. */
export function chunkScanOf<Text extends PipelineText<Text>>(
  options: ChunkScanOptions,
  file: PipelineJson,
  parts: TokenizerParts<Text>,
  rule: ChunkRule<Text>,
): ChunkScan {
  const words = plainWordsOf(file, parts, rule);
  return words === undefined ? new ChunkScan(options) : new WordScan(options, parts.model, words);
}
