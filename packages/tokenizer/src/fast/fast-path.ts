import type { TokenizerParts, TokenizerPipeline } from '../tokenizer-pipeline.js';
import { ChunkReader } from './chunk-reader.js';
import { type ChunkRuleParts, chunkRuleOf, type PipelineJson } from './chunk-rule.js';
import { missingWasm } from './chunk-scan.js';
import { FastTokenizer } from './fast-tokenizer.js';

/** 131,072 chunks are kept, in 8 MiB: a hundred thousand texts of English have as many. */
const MEMO_BITS = 18;

/** The fast tokenizer of a pipeline, or `undefined` where it has none or WebAssembly with SIMD cannot run. */
export function fastTokenizerOf(
  file: PipelineJson,
  parts: TokenizerParts,
  pipeline: TokenizerPipeline,
  ruleParts: ChunkRuleParts,
  memoBits: number = MEMO_BITS,
): FastTokenizer | undefined {
  const rule = chunkRuleOf(file, parts.normalizer, parts.addedVocabulary, ruleParts);
  if (rule === undefined || missingWasm() !== undefined) return undefined;
  const { addedVocabulary, model } = parts;
  const reader = new ChunkReader(
    rule,
    addedVocabulary,
    (text, sink) => pipeline.appendNormalized(text, sink),
    (piece, sink) => model.tokenize(piece, sink),
  );
  return new FastTokenizer(pipeline, reader, { punctuation: rule.punctuation, memoBits });
}
