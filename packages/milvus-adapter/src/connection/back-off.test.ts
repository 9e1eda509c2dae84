import { expect, test } from 'vitest';
import { pauseFor, withRetries } from './back-off.js';
import { inTurn } from './write-turns.js';

test('retries until it succeeds', async () => {
  let attempts = 0;
  const work = async (): Promise<number> => {
    attempts++;
    if (attempts < 3) throw new Error('not yet');
    return attempts;
  };
  expect(await withRetries(work, () => true, {})).toBe(3);
});

test('gives up after the timeout, and at once if retrying is pointless', async () => {
  let attempts = 0;
  const work = async (): Promise<never> => {
    attempts++;
    throw new Error(`attempt ${attempts}`);
  };
  await expect(withRetries(work, () => false, {})).rejects.toThrow('attempt 1');
  const began = Date.now();
  await expect(withRetries(work, () => true, { retryFor: 200 })).rejects.toThrow(/attempt/);
  expect(Date.now() - began).toBeLessThan(2000);
  expect(attempts).toBeGreaterThan(2);
});

test('a signal ends the pause', async () => {
  const controller = new AbortController();
  const pause = pauseFor(60_000, controller.signal);
  controller.abort('enough');
  await expect(pause).rejects.toMatchObject({ code: 'aborted', cause: 'enough' });
  await expect(pauseFor(60_000, controller.signal)).rejects.toMatchObject({ code: 'aborted' });
});

test('serialises writes to one server, even after a failure; writes to other servers do not wait', async () => {
  const steps: string[] = [];
  const write = (server: string, name: string, fails = false): Promise<void> =>
    inTurn(server, async () => {
      steps.push(`${name} begins`);
      await new Promise((resolve) => setTimeout(resolve, 10));
      steps.push(`${name} ends`);
      if (fails) throw new Error(name);
    });
  const results = await Promise.allSettled([write('x', 'a', true), write('x', 'b'), write('y', 'c')]);
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
  expect(steps.indexOf('b begins')).toBeGreaterThan(steps.indexOf('a ends'));
  expect(steps.indexOf('c begins')).toBeLessThan(steps.indexOf('a ends'));
});
