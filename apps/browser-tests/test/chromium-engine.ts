import { chromium } from 'playwright-core';
import { SWITCHES } from './chromium.js';
import { type Engine, openIn } from './engine.js';

export async function startChromium(executablePath: string): Promise<Engine> {
  const browser = await chromium.launch({ executablePath, args: [...SWITCHES, '--disable-gpu'] });
  return {
    async open(site, options) {
      const tab = await browser.newPage();
      return openIn(
        {
          navigate: async (address) => void (await tab.goto(address)),
          evaluate: (expression) => tab.evaluate<string>(expression),
          close: () => tab.close(),
        },
        site,
        options,
      );
    },
    close: () => browser.close(),
  };
}
