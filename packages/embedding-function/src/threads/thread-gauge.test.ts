import { describe, expect, it } from 'vitest';
import { ThreadGauge } from './thread-gauge.js';

/** Runs work at rates in units a millisecond, in steps of 1 ms, and returns the share that several threads did. */
function run(
  gauge: ThreadGauge,
  clock: { now: number },
  milliseconds: number,
  rates: { readonly alone: number; readonly together: number },
): number {
  let together = 0;
  gauge.begin();
  for (let step = 0; step < milliseconds; step++) {
    const { usesThreads } = gauge;
    clock.now++;
    if (usesThreads) together++;
    const units = usesThreads ? rates.together : rates.alone;
    gauge.note({ units, away: usesThreads ? 1 : 0, isReady: true });
  }
  return together / milliseconds;
}

function newGauge() {
  const clock = { now: 0 };
  return { clock, gauge: new ThreadGauge(() => clock.now) };
}

describe('a gauge of threads', () => {
  it('keeps to the calling thread if several are slower', () => {
    const { clock, gauge } = newGauge();
    const share = run(gauge, clock, 10_000, { alone: 100, together: 80 });
    expect(share).toBeLessThan(0.04);
    expect(gauge.gain).toBeCloseTo(0.8);
    expect(gauge.usesThreads).toBe(false);
  });

  it('uses several threads if they are faster', () => {
    const { clock, gauge } = newGauge();
    expect(run(gauge, clock, 30_000, { alone: 100, together: 150 })).toBeGreaterThan(0.98);
    expect(gauge.gain).toBeCloseTo(1.5);
  });

  it('changes its mind when the rates change', () => {
    const { clock, gauge } = newGauge();
    run(gauge, clock, 1000, { alone: 100, together: 150 });
    run(gauge, clock, 5000, { alone: 100, together: 60 });
    expect(gauge.usesThreads).toBe(false);
    run(gauge, clock, 10_000, { alone: 100, together: 150 });
    expect(gauge.usesThreads).toBe(true);
  });

  it('is not deceived by a first pass that gets faster while it is measured', () => {
    const { clock, gauge } = newGauge();
    for (let rate = 100; gauge.gain === undefined; rate++) {
      run(gauge, clock, 1, { alone: rate, together: 0.9 * rate });
    }
    expect(gauge.gain).toBeGreaterThan(0.8);
    expect(gauge.gain).toBeLessThan(1);
  });

  it('measures over many short calls', () => {
    const { clock, gauge } = newGauge();
    for (let call = 0; call < 60; call++) {
      run(gauge, clock, 3, { alone: 100, together: 80 });
      clock.now += 500;
    }
    expect(gauge.gain).toBeGreaterThan(0.8);
    expect(gauge.gain).toBeLessThan(1);
    expect(gauge.usesThreads).toBe(false);
  });

  it('measures nothing before threads are ready, and no results of theirs as work of the calling thread', () => {
    const { clock, gauge } = newGauge();
    gauge.begin();
    for (let step = 0; step < 100; step++) {
      clock.now++;
      gauge.note({ units: 1000, away: 0, isReady: false });
    }
    for (let step = 0; step < 50; step++) {
      clock.now++;
      gauge.note({ units: 1000, away: 2, isReady: true });
    }
    run(gauge, clock, 15_000, { alone: 100, together: 120 });
    expect(gauge.gain).toBeCloseTo(1.2, 1);
  });
});
