/** Reads from a suite's output how many tests passed and failed. */

/**
 * What the last line of the form `N passed, N failed` says, or `undefined` where there is none; what a suite inside it
 * skipped, and which of its tests failed.
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

/** The summary of `node --test` with its TAP reporter. */
export function tapCounts(output) {
  const count = (name) => Number(new RegExp(`^# ${name} (\\d+)$`, 'm').exec(output)?.[1] ?? 0);
  // A test that was skipped, cancelled or left for later proves nothing, and there are to be none.
  return {
    passed: count('pass'),
    failed: ['fail', 'cancelled', 'skipped', 'todo'].map(count).reduce((a, b) => a + b),
  };
}

/** A test that cannot run on this machine says so, and why, in a line of this form. */
const SKIPPED = /^\s*(SKIPPED .+: .+)$/;

/** What vitest writes above an error: the tests that failed with it, or that it came from outside of any test. */
const FAILED = /^\s*FAIL\s+(\S.*)$|^[\s⎯]*(Unhandled (?:Rejection|Error))[\s⎯]*$/;

/**
 * The sum over turbo's output of the line `Tests  1 failed | 11 passed (12)` of each package; a package that printed
 * none has failed. A skipped test counts as failed unless its package printed a line `SKIPPED what it proves: why` for
 * it; those lines are given as `skipped`. Which tests failed, and the first line of why, is given as `failures`.
 */
export function vitestCounts(output) {
  let passed = 0;
  let failed = 0;
  const skipped = [];
  const failures = [];
  /** By package: whether it printed counts, how many skipped tests and lines that name one it has, and the failures whose error is to follow. */
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
    // A test that is skipped without a word proves nothing, and there are to be none.
    failed += Math.max(0, unnamed - named);
  }
  return { passed, failed, skipped, failures };
}
