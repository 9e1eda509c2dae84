// puppeteer-core, because it speaks WebDriver BiDi to a Firefox as distributed; selenium-webdriver needs geckodriver.
import { launch } from 'puppeteer-core';
import { type Engine, openIn } from './engine.js';

export async function startFirefox(executablePath: string): Promise<Engine> {
  const browser = await launch({ browser: 'firefox', executablePath, headless: true });
  return {
    async open(site, options) {
      const tab = await browser.newPage();
      return openIn(
        {
          navigate: async (address) => void (await tab.goto(address)),
          evaluate: async (expression) => (await tab.evaluate(expression)) as string,
          close: () => tab.close(),
        },
        site,
        options,
      );
    },
    close: () => browser.close(),
  };
}
