import type { PipelineText } from '../pipeline-text.js';
import { PUNCTUATION } from '../unicode/punctuation.js';
import { WHITE_SPACE } from '../unicode/white-space.js';
import { appendSlice } from './append-slice.js';
import type { PreTokenizer } from './pre-tokenizer.js';

/** Drops white space, and makes each punctuation character a piece. */
export class BertPreTokenizer<Text extends PipelineText<Text>> implements PreTokenizer<Text> {
  split(text: Text, pieces: Text[]): void {
    const characters = text.text;
    let start = 0;
    for (let i = 0; i < characters.length; ) {
      const codePoint = characters.codePointAt(i)!;
      const end = i + (codePoint > 0xffff ? 2 : 1);
      const isPunctuation = PUNCTUATION.has(codePoint);
      if (isPunctuation || WHITE_SPACE.has(codePoint)) {
        appendSlice(text, start, i, pieces);
        if (isPunctuation) appendSlice(text, i, end, pieces);
        start = end;
      }
      i = end;
    }
    appendSlice(text, start, characters.length, pieces);
  }
}
