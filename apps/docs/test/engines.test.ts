import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { findFirefox, findWebKit } from '../../../scripts/browser.mjs';
import type { Engine, EngineTab } from '../../browser-tests/test/engine.js';
import { startFirefox } from '../../browser-tests/test/firefox.js';
import { startWebKit } from '../../browser-tests/test/webkit.js';

const firefox = findFirefox();
const webKit = findWebKit();

const ENGINES: readonly (readonly [name: string, start: (() => Promise<Engine>) | undefined])[] = [
  ['Firefox', firefox === undefined ? undefined : () => startFirefox(firefox)],
  ['WebKit', webKit === undefined ? undefined : () => startWebKit(webKit)],
];

describe.each(ENGINES)('in %s', (name, start) => {
  if (start === undefined) {
    it('the demo', ({ skip }) => {
      process.stdout.write(`SKIPPED the demo in ${name}: it is not installed\n`);
      skip();
    });
    return;
  }
  let engine: Engine;
  let tab: EngineTab;

  beforeAll(async () => {
    engine = await start();
    tab = await engine.open(inject('site'), { path: 'demo.html', started: 'document' });
  });

  afterAll(async () => {
    await tab?.close();
    await engine?.close();
  });

  it('the demo loads its model at the first movement, embeds the texts, and draws their map', async () => {
    const shown = await tab.evaluate(async () => {
      const state = () => document.querySelector<HTMLElement>('.demo-status')?.dataset.state;
      const before = state();
      document.dispatchEvent(new Event('pointermove'));
      const drawn = () => document.querySelector('canvas[data-arranged="pca"]');
      for (const begun = Date.now(); drawn() === null && Date.now() - begun < 60_000; ) {
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      const texts = (selector: string) =>
        [...document.querySelectorAll(selector)].map(({ textContent }) => textContent?.trim() ?? '');
      return {
        states: [before, state()],
        status: texts('.demo-status')[0],
        hits: texts('.demo-hits .text'),
        isDrawn: drawn() !== null,
        cells: texts('.demo-heat tbody td').slice(0, 2),
      };
    }, undefined);
    expect(shown.states).toEqual(['idle', 'ready']);
    expect(shown.status).toContain('kernel wasm');
    expect(shown.hits).toHaveLength(8);
    expect(shown.hits[0]).toMatch(/room|sleep/);
    expect(shown.isDrawn).toBe(true);
    expect(shown.cells).toEqual(['1.00', '0.85']);
  });
});
