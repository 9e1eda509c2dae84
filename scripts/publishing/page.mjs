import { chromium } from 'playwright-core';

/** Opens a page and returns its program's `answer`; throws if the console has errors. */
export async function answerOfPage(executablePath, address) {
  const browser = await chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
  });
  try {
    const page = await browser.newPage();
    const complaints = [];
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(address);
    const answer = await page
      .waitForFunction(() => globalThis.answer, undefined, { timeout: 60_000 })
      .then((handle) => handle.jsonValue())
      .catch((error) => complaints.push(error.message));
    if (complaints.length > 0) throw new Error(`the page reported errors: ${complaints.join('\n')}`);
    return answer;
  } finally {
    await browser.close();
  }
}
