/** Collects check results and prints a line for each. */
export class Report {
  #results = [];
  #section = performance.now();

  /** Records a check; it passes if there are no problems. */
  check(name, problems) {
    const holds = problems.length === 0;
    console.log(`${holds ? 'ok  ' : 'FAIL'} ${name}`);
    for (const problem of problems) console.log(problem.replace(/^/gm, '     | '));
    this.#results.push({ passed: holds ? 1 : 0, failed: holds ? 0 : 1 });
  }

  /** Names a check that cannot run on this machine, in the form that scripts/counts.mjs reads. */
  skip(name, why) {
    console.log(`     publishing: SKIPPED ${name}: ${why}`);
  }

  /** Prints the duration of a section of checks. */
  section(name) {
    console.log(`     ${name}: ${((performance.now() - this.#section) / 1000).toFixed(1)} s`);
    this.#section = performance.now();
  }

  get results() {
    return this.#results;
  }
}
