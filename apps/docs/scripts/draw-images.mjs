// Draws the images that need pixels, from public/mark.svg: node scripts/draw-images.mjs
//   public/card.png        what social networks show beside a link
//   public/touch-icon.png  what phones show on their home screen
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { findBrowser } from '../../../scripts/browser.mjs';
import { docs } from './places.mjs';

const CARD = { width: 1200, height: 630 };
const ICON = { width: 180, height: 180 };
const mark = readFileSync(join(docs, 'public/mark.svg'), 'utf8');
const style = 'body { margin: 0; background: #fdfdfb; color: #1d2523; font-family: sans-serif; }';

const browser = await chromium.launch({ executablePath: findBrowser(), args: ['--no-sandbox'] });
await draw(
  'card.png',
  CARD,
  `<style>${style}
    body { display: grid; grid-template-columns: 300px 1fr; gap: 60px; align-items: center; padding: 0 90px; height: 630px; box-sizing: border-box; }
    h1 { margin: 0; font-size: 76px; letter-spacing: -0.03em; } p { margin: 24px 0 0; font-size: 36px; line-height: 1.35; color: #4a5552; }</style>
  ${mark}<div><h1>model2vec-ts</h1><p>Text to vectors, in plain TypeScript. In Node and in the page.</p></div>`,
);
await draw('touch-icon.png', ICON, `<style>${style} svg { display: block; padding: 22px; }</style>${mark}`);
await browser.close();

async function draw(file, viewport, html) {
  const page = await browser.newPage({ viewport, colorScheme: 'light' });
  await page.setContent(html);
  await page.screenshot({ path: join(docs, 'public', file) });
  await page.close();
}
