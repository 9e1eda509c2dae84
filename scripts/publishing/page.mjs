import { chromium } from 'playwright-core';

const launch = (executablePath) =>
  chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
  });

/** Opens a page and returns whether it comes to show a text within a minute. */
export async function pageShows(executablePath, address, text) {
  const browser = await launch(executablePath);
  try {
    const page = await browser.newPage();
    await page.goto(address);
    const shown = page.getByText(text, { exact: true }).waitFor({ timeout: 60_000 });
    return await shown.then(
      () => true,
      () => false,
    );
  } finally {
    await browser.close();
  }
}

/** Opens a page and returns its program's `answer`; throws if the console has errors. */
export async function answerOfPage(executablePath, address) {
  const browser = await launch(executablePath);
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
