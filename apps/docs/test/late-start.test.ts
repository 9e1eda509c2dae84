import { expect, it } from 'vitest';
import { startLate } from '../scripts/late-start.mjs';

const PAGE = `<head>
    <script type="module" src="/assets/data.js"></script>
    <script type="module" src="/assets/app.js"></script>
    <link rel="modulepreload" href="/assets/theme.js">
  </head>
  <body><p>Text</p></body>`;

it('removes every script and preload that would run with the page, and starts them in order later', () => {
  const page = startLate(PAGE);
  expect(page).not.toMatch(/type="module"|<link/);
  expect(page).toContain(
    '["/assets/data.js","/assets/app.js"],["/assets/data.js","/assets/app.js","/assets/theme.js"],false',
  );
  expect(page).toContain('<body><p>Text</p></body>');
});

it('refuses a page whose scripts it does not find, so that no page loses its controls', () => {
  expect(() => startLate('<head></head>')).toThrow('no script');
});
