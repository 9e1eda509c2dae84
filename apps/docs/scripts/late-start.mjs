// Lets pages show without running any script: the site's code is preloaded after the page and started by the first sign of a
// reader who wants to do something.

/** Event of the document once the page's controls work. */
const READY = 'site-ready';

/**
 * Replaces the scripts that VitePress puts into a page with one that starts them late.
 *
 * @param html - a page that VitePress has rendered
 * @param isUrgent - starts as soon as the page is loaded, for pages whose content the scripts make
 */
export function startLate(html, { isUrgent = false } = {}) {
  const scripts = [];
  const parts = [];
  const rest = html
    .replaceAll(/ *<script type="module" src="([^"]+)"><\/script>\n/g, (_, address) => {
      scripts.push(address);
      return '';
    })
    .replaceAll(/ *<link rel="modulepreload" href="([^"]+)">\n/g, (_, address) => {
      parts.push(address);
      return '';
    });
  if (scripts.length === 0) throw new Error('a page has no script that could start late');
  const values = [scripts, [...scripts, ...parts], isUrgent, READY].map((value) => JSON.stringify(value));
  return rest.replace('</head>', () => `  <script>(${runLate})(${values.join(',')})</script>\n  </head>`);
}

/** Preloads the font only where the style uses it: phones show their own. */
export function fontForWideScreens(html) {
  return html.replaceAll(' as="font"', ' as="font" media="(min-width: 960px)"');
}

/**
 * Runs in the page. A click on a control, or a key that opens the search, is held back until the control works, and then
 * repeated. Links work without scripts and are left alone.
 */
function runLate(scripts, parts, isUrgent, ready) {
  const signs = ['pointermove', 'pointerdown', 'touchstart', 'wheel', 'scroll', 'keydown', 'focusin'];
  let repeat;
  const start = async () => {
    for (const sign of signs) removeEventListener(sign, start, true);
    if (document.readyState === 'loading')
      await new Promise((resolve) => addEventListener('DOMContentLoaded', resolve));
    for (const script of scripts) await import(script);
  };
  const hold = (event) => {
    const { type, target, key, ctrlKey, metaKey } = event;
    if (type === 'click') {
      const control = target.closest('button, label, input');
      if (control === null) return;
      repeat = () => control.click();
    } else {
      if (key !== '/' && !((ctrlKey || metaKey) && key.toLowerCase() === 'k')) return;
      repeat = () => document.dispatchEvent(new KeyboardEvent(type, { key, ctrlKey, metaKey }));
    }
    event.preventDefault();
    event.stopPropagation();
  };
  for (const sign of signs) addEventListener(sign, start, { capture: true, passive: true });
  addEventListener('click', hold, true);
  addEventListener('keydown', hold, true);
  document.addEventListener(ready, () => {
    removeEventListener('click', hold, true);
    removeEventListener('keydown', hold, true);
    repeat?.();
  });
  const preload = () => {
    for (const href of parts)
      document.head.append(Object.assign(document.createElement('link'), { rel: 'modulepreload', href }));
  };
  // After the first paint and whatever the page still does, so that its text, font and pictures come first. Safari has no
  // idle callbacks.
  const later = globalThis.requestIdleCallback ?? setTimeout;
  addEventListener('load', () =>
    requestAnimationFrame(() => setTimeout(() => (isUrgent ? start() : later(preload)))),
  );
}
