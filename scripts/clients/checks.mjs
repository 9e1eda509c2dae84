// Checks with names, which a program of this folder runs one after the other: node NAME.mjs URL MODEL
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

/** Address of the server, without a slash at the end. */
export const url = process.env.M2V_CLIENTS_URL;
/** Texts, and the embeddings that the facade gives for them, row after row. */
export const { texts, rows } = JSON.parse(readFileSync(process.env.M2V_CLIENTS_EXPECTED, 'utf8'));

/** Largest difference of a value that went through JSON. */
const JSON_TOLERANCE = 1e-7;

let passed = 0;
let failed = 0;

/** Runs a check and prints a line for it. */
export async function check(name, work) {
  try {
    await work();
    passed++;
    console.log(`ok   ${name}`);
  } catch (error) {
    failed++;
    console.log(`FAIL ${name}: ${error.stack ?? error}`);
  }
}

/** Prints the counts, alone on the last line. */
export function finish() {
  console.log(`${passed} passed, ${failed} failed`);
  process.exit(failed > 0 || passed === 0 ? 1 : 0);
}

/** Asserts that rows are those of the facade: to the bit, or as near as JSON keeps them. */
export function assertRows(found, expected = rows, tolerance = 0) {
  assert.equal(found.length, expected.length, 'rows');
  found.forEach((row, i) => {
    assert.equal(row.length, expected[i].length, 'dimensions');
    for (let j = 0; j < row.length; j++) {
      const difference = Math.abs(row[j] - expected[i][j]);
      assert.ok(difference <= tolerance, `row ${i}, column ${j}: ${row[j]} instead of ${expected[i][j]}`);
    }
  });
}

/** {@link assertRows} for values that went through JSON. */
export function assertNearRows(found, expected = rows) {
  assertRows(found, expected, JSON_TOLERANCE);
}
