/** Gathers what was checked and prints a line for each. */
export class Report {
  #results = [];
  #section = performance.now();

  /** A check and what is wrong; nothing wrong is a check that holds. */
  check(name, problems) {
    const holds = problems.length === 0;
    console.log(`${holds ? 'ok  ' : 'FAIL'} ${name}`);
    for (const problem of problems) console.log(problem.replace(/^/gm, '     | '));
    this.#results.push({ passed: holds ? 1 : 0, failed: holds ? 0 : 1 });
  }

  /** What cannot be checked on this machine, in the form that scripts/counts.mjs reads. */
  skip(name, why) {
    console.log(`     publishing: SKIPPED ${name}: ${why}`);
  }

  /** Ends a section of the checks with the time it took. */
  section(name) {
    console.log(`     ${name}: ${((performance.now() - this.#section) / 1000).toFixed(1)} s`);
    this.#section = performance.now();
  }

  get results() {
    return this.#results;
  }
}
