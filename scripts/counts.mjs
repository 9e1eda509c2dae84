/** Reads from a suite's output how many tests passed and failed. */

/**
 * Returns the counts of the last line `N passed, N failed`, or `undefined` without such a line, together with the skipped
 * and the failed tests that the output names.
 */
export function lastCounts(output) {
  const found = [...output.matchAll(/^(\d+) passed, (\d+) failed$/gm)].at(-1);
  const lines = (pattern) => [...output.matchAll(pattern)].map(([, line]) => line);
  return (
    found && {
      passed: Number(found[1]),
      failed: Number(found[2]),
      skipped: lines(/^\s+(\S+: SKIPPED .+: .+)$/gm),
      failures: [...lines(/^\s+(\S+: FAILED .+)$/gm), ...lines(/^FAIL (.+)$/gm)],
    }
  );
}

/** Reads the summary of `node --test` with its TAP reporter. */
export function tapCounts(output) {
  const count = (name) => Number(new RegExp(`^# ${name} (\\d+)$`, 'm').exec(output)?.[1] ?? 0);
  // A skipped, cancelled or todo test proves nothing, so it counts as failed.
  return {
    passed: count('pass'),
    failed: ['fail', 'cancelled', 'skipped', 'todo'].map(count).reduce((a, b) => a + b),
  };
}

/** The line that names a test that cannot run on this machine, and the reason. */
const SKIPPED = /^\s*(SKIPPED .+: .+)$/;

/** The line that vitest writes above an error: the failed test, or an error outside of tests. */
const FAILED = /^\s*FAIL\s+(\S.*)$|^[\s⎯]*(Unhandled (?:Rejection|Error))[\s⎯]*$/;

/**
 * Sums the line `Tests  1 failed | 11 passed (12)` of each package in turbo's output; a package without that line has
 * failed. A skipped test counts as failed unless its package printed a line `SKIPPED what it proves: why` for it. Returns
 * those lines as `skipped`, and the failed tests with the first line of their errors as `failures`.
 */
export function vitestCounts(output) {
  let passed = 0;
  let failed = 0;
  const skipped = [];
  const failures = [];
  /** Per package: whether it printed counts, its number of skipped tests and of lines that name one, and failures without an error so far. */
  const packages = new Map();
  for (const line of output.split('\n')) {
    const of = /^(@?[^\s:]+):test: (.*)$/.exec(line);
    if (!of) continue;
    const seen = packages.get(of[1]) ?? { counted: false, unnamed: 0, named: 0, unexplained: [] };
    packages.set(of[1], seen);
    const failure = FAILED.exec(of[2]);
    if (failure) seen.unexplained.push(`${of[1]}: FAILED ${failure[1] ?? failure[2]}`);
    else if (of[2].trim() !== '')
      for (const test of seen.unexplained.splice(0)) failures.push(`${test}: ${of[2].trim()}`);
    const named = SKIPPED.exec(of[2]);
    if (named) {
      seen.named++;
      skipped.push(`${of[1]}: ${named[1]}`);
    }
    const counts = /^\s*Tests\s+(.*)$/.exec(of[2]);
    if (!counts) continue;
    seen.counted = true;
    for (const [, number, outcome] of counts[1].matchAll(/(\d+) (passed|failed|skipped|todo)/g)) {
      if (outcome === 'passed') passed += Number(number);
      else if (outcome === 'skipped') seen.unnamed += Number(number);
      else failed += Number(number);
    }
  }
  for (const { counted, unnamed, named } of packages.values()) {
    if (!counted) failed++;
    // A test that is skipped without a line proves nothing, so it counts as failed.
    failed += Math.max(0, unnamed - named);
  }
  return { passed, failed, skipped, failures };
}
