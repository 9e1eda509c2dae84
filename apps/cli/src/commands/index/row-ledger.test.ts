import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type InputPlace, RowLedger } from './row-ledger.js';

/** An input: for each finding of each file, a sent row, a row of another shard, or a problem. */
const file = fc.array(fc.constantFrom('row', 'other', 'problem'), { maxLength: 900 });

it('never moves past an unsettled row, and reports each reject once', () => {
  fc.assert(
    fc.property(
      fc.array(file, { maxLength: 4 }),
      fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 10 }),
      fc.integer({ min: 2, max: 50 }),
      (files, steps, failEvery) => {
        const ledger = new RowLedger();
        /** Source of each sent row. */
        const sent: InputPlace[] = [];
        const expected: string[] = [];
        const rejected: string[] = [];
        let complete = 0;
        let step = 0;
        const settle = (upTo: number): void => {
          // Rows fail before they are settled.
          for (let i = complete; i < Math.min(upTo, sent.length); i++) {
            if (i % failEvery !== 0) continue;
            ledger.fail(i, { id: undefined, code: 'x', reason: 'failed' });
            expected.push(`${sent[i]!.file}:${sent[i]!.found + 1}`);
          }
          complete = Math.min(upTo, sent.length);
          const settled = ledger.settle(upTo);
          if (settled === undefined) return;
          rejected.push(...settled.rejects.map((reject) => `${reject.file}:${reject.line}`));
          const { place } = settled;
          const isBehind = ({ file: f, found }: InputPlace): boolean =>
            f < place.file || (f === place.file && found < place.found);
          expect(sent.slice(complete).some(isBehind)).toBe(false);
          // No reject is reported before its place, so that a continued run reports it exactly once.
          for (const reject of settled.rejects) {
            expect(isBehind({ file: reject.file, found: reject.line - 1 })).toBe(true);
          }
        };
        files.forEach((kinds, number) => {
          ledger.beginFile(number, 0);
          kinds.forEach((kind, found) => {
            if (kind === 'row') {
              ledger.send(found + 1, { text: `${number} ${found}` }, 0);
              sent.push({ file: number, found });
            } else if (kind === 'problem') {
              ledger.passOver(0, { line: found + 1, id: undefined, code: 'y', reason: 'problem' });
              expected.push(`${number}:${found + 1}`);
            } else {
              ledger.passOver(0);
            }
            const size = steps[step % steps.length]!;
            if (sent.length >= complete + size) {
              settle(complete + Math.ceil(size / 2));
              step++;
            }
          });
          ledger.endFile(0);
        });
        ledger.finish();
        settle(Number.POSITIVE_INFINITY);
        expect(rejected.sort()).toEqual(expected.sort());
      },
    ),
    { numRuns: 60 },
  );
});

it('samples stored rows, and ends after the last file', () => {
  const ledger = new RowLedger();
  ledger.beginFile(0, 5);
  for (let i = 0; i < 600; i++) ledger.send(i + 6, { id: `row ${i}`, text: 't' }, i);
  ledger.endFile(600);
  ledger.fail(255, { id: 'row 255', code: 'x', reason: 'failed' });
  expect(ledger.settle(255)).toBeUndefined();
  expect(ledger.settle(511)).toEqual({
    place: { file: 0, found: 261 },
    position: 255,
    rejects: [{ file: 0, line: 261, id: 'row 255', code: 'x', reason: 'failed' }],
    samples: [],
  });
  ledger.finish();
  expect(ledger.settle(Number.POSITIVE_INFINITY)).toEqual({
    place: { file: 1, found: 0 },
    position: 600,
    rejects: [],
    samples: ['row 511', 'row 599'],
  });
});
