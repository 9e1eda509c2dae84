import type { RewriteStep } from '../rewrite-step.js';
import { compareClasses, isCombining, sortMarks } from './combining-class.js';
import type { NormalForm } from './engine-form.js';
import { decompose, NORMALIZED } from './normal-form.js';

/** Returns the primary composite of two characters, or `undefined` if they have none. */
function compose(first: string, second: string): string | undefined {
  if (!NORMALIZED.has(first.codePointAt(0)!) || !NORMALIZED.has(second.codePointAt(0)!)) return undefined;
  const composite = (first + second).normalize('NFC');
  return composite.length === String.fromCodePoint(composite.codePointAt(0)!).length ? composite : undefined;
}

/** Decomposed characters in canonical order. The first result of a character replaces it; the others are insertions. */
function* decomposeSteps(text: string, form: NormalForm): Iterable<RewriteStep> {
  // A character of class 0, if there is one, and the marks after it.
  let sequence: RewriteStep[] = [];
  const sorted = (): RewriteStep[] => {
    if (sequence.length < 2) return sequence;
    const first = sequence[0]!;
    if (isCombining(first.character)) return sortMarks(sequence, (step) => step.character);
    return [first, ...sortMarks(sequence.slice(1), (step) => step.character)];
  };
  for (const character of text) {
    let change = 0;
    for (const part of decompose(character, form)) {
      if (sequence.length > 0 && !isCombining(part)) {
        yield* sorted();
        sequence = [];
      }
      sequence.push({ character: part, change });
      change = 1;
    }
  }
  if (sequence.length > 0) yield* sorted();
}

/** Composes the results of {@link decomposeSteps}. A composite has the changes of its parts. */
function* composeSteps(text: string, form: NormalForm): Iterable<RewriteStep> {
  let starter: RewriteStep | undefined;
  let marks: RewriteStep[] = [];
  for (const step of decomposeSteps(text, form)) {
    const combines = isCombining(step.character);
    if (starter === undefined) {
      if (combines) yield step;
      else starter = step;
      continue;
    }
    const last = marks.at(-1);
    const isBlocked =
      last !== undefined && (!combines || compareClasses(last.character, step.character) >= 0);
    const composite = isBlocked ? undefined : compose(starter.character, step.character);
    if (composite !== undefined) {
      starter = { character: composite, change: starter.change + step.change - 1 };
    } else if (combines) {
      marks.push(step);
    } else {
      yield starter;
      yield* marks;
      starter = step;
      marks = [];
    }
  }
  if (starter !== undefined) yield starter;
  yield* marks;
}

/** The steps of {@link toNormalForm}, character by character. */
export function formSteps(text: string, form: NormalForm): Iterable<RewriteStep> {
  return form === 'NFC' || form === 'NFKC' ? composeSteps(text, form) : decomposeSteps(text, form);
}
