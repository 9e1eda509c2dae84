import { isObject, type JsonObject } from './teacher-files.js';

/** Ids that a post-processor adds around the tokens of a text. */
export interface SpecialTokenIds {
  readonly before: readonly number[];
  readonly after: readonly number[];
}

const NONE: SpecialTokenIds = { before: [], after: [] };

/** Returns the ids that the post-processor of a `tokenizer.json` adds around the tokens of a single text. */
export function specialTokenIds(processor: unknown): SpecialTokenIds {
  if (!isObject(processor)) return NONE;
  switch (processor.type) {
    case 'BertProcessing':
    case 'RobertaProcessing':
      return { before: idOf(processor.cls), after: idOf(processor.sep) };
    case 'TemplateProcessing':
      return ofTemplate(processor);
    case 'Sequence': {
      const steps = Array.isArray(processor.processors) ? processor.processors.map(specialTokenIds) : [];
      return steps.reduce<SpecialTokenIds>(
        (inner, step) => ({
          before: [...step.before, ...inner.before],
          after: [...inner.after, ...step.after],
        }),
        NONE,
      );
    }
    default:
      return NONE;
  }
}

/** Parses `["[CLS]", 101]`. */
function idOf(pair: unknown): readonly number[] {
  return Array.isArray(pair) && typeof pair[1] === 'number' ? [pair[1]] : [];
}

function ofTemplate({ single, special_tokens: special }: JsonObject): SpecialTokenIds {
  const before: number[] = [];
  const after: number[] = [];
  let side = before;
  for (const piece of Array.isArray(single) ? single : []) {
    if (!isObject(piece)) continue;
    if (isObject(piece.Sequence)) side = after;
    else if (isObject(piece.SpecialToken) && isObject(special)) {
      const token = special[String(piece.SpecialToken.id)];
      if (isObject(token) && Array.isArray(token.ids)) side.push(...(token.ids as number[]));
    }
  }
  return { before, after };
}
