import { chunkScanOf } from '#scan';
import type { PipelineText } from '../pipeline-text.js';
import type { Tokenizer } from '../tokenizer.js';
import type { TokenizerParts, TokenizerPipeline } from '../tokenizer-pipeline.js';
import { ChunkReader } from './chunk-reader.js';
import { type ChunkRuleParts, chunkRuleOf, type PipelineJson } from './chunk-rule.js';
import { FastTokenizer } from './fast-tokenizer.js';

/** Finds a tokenizer with the ids of a pipeline that is faster, or becomes faster. */
export type FastPath = <Text extends PipelineText<Text>>(
  file: PipelineJson,
  parts: TokenizerParts<Text>,
  pipeline: TokenizerPipeline<Text>,
  ruleParts: ChunkRuleParts,
) => Tokenizer | undefined;

/** Keeps 81,920 chunks in 4 MiB: as many as 100,000 English texts have. */
const MEMO_BITS = 17;

/**
 * Returns the fast tokenizer of a pipeline, or `undefined` if it has none or WebAssembly refuses it: WebAssembly may be
 * missing, lack SIMD, or be forbidden by a content security policy, and there may be no memory, because engines reserve
 * 10 GB of addresses for each.
 */
export function fastTokenizerOf<Text extends PipelineText<Text>>(
  file: PipelineJson,
  parts: TokenizerParts<Text>,
  pipeline: TokenizerPipeline<Text>,
  ruleParts: ChunkRuleParts,
  memoBits: number = MEMO_BITS,
): FastTokenizer | undefined {
  const rule = chunkRuleOf(file, parts, ruleParts);
  if (rule === undefined) return undefined;
  const reader = new ChunkReader(rule, parts, (text, sink) => pipeline.appendNormalized(text, sink));
  try {
    const options = { punctuation: rule.punctuation, unknownId: pipeline.unknownId, memoBits };
    return new FastTokenizer(pipeline, reader, chunkScanOf(options, file, parts, rule));
  } catch {
    return undefined;
  }
}
