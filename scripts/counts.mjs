/** Reads from a suite's output how many tests passed and failed. */

/** What the last line of the form `N passed, N failed` says, or `undefined` where there is none. */
export function lastCounts(output) {
  const found = [...output.matchAll(/^(\d+) passed, (\d+) failed$/gm)].at(-1);
  return found && { passed: Number(found[1]), failed: Number(found[2]) };
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

/** The sum over turbo's output of the line `Tests  1 failed | 11 passed (12)` of each package; a package that printed none has failed. */
export function vitestCounts(output) {
  let passed = 0;
  let failed = 0;
  const ran = new Set();
  const counted = new Set();
  for (const line of output.split('\n')) {
    const of = /^(@?[^\s:]+):test: (.*)$/.exec(line);
    if (!of) continue;
    ran.add(of[1]);
    const counts = /^\s*Tests\s+(.*)$/.exec(of[2]);
    if (!counts) continue;
    counted.add(of[1]);
    for (const [, number, outcome] of counts[1].matchAll(/(\d+) (passed|failed|skipped|todo)/g)) {
      // A skipped test proves nothing, and there are to be none.
      if (outcome === 'passed') passed += Number(number);
      else failed += Number(number);
    }
  }
  for (const name of ran) if (!counted.has(name)) failed++;
  return { passed, failed };
}
