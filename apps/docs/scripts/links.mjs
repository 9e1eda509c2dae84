// VitePress finds links to missing pages. This also finds links to missing anchors, in the built pages.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Returns links of a built site to missing pages, anchors and files, as `page: link`. */
export function deadLinks(site, base = '/') {
  const names = readdirSync(site, { recursive: true }).map((name) => name.replaceAll('\\', '/'));
  const pages = names.filter((name) => name.endsWith('.html'));
  const html = new Map(pages.map((name) => [name, readFileSync(join(site, name), 'utf8')]));
  const places = new Map();
  const placesOf = (page) => {
    if (!places.has(page)) {
      const ids = [...html.get(page).matchAll(/\sid="([^"]+)"/g)].map(([, id]) => text(id));
      places.set(page, new Set(ids));
    }
    return places.get(page);
  };
  return pages.flatMap((page) =>
    [...html.get(page).matchAll(/<a\b[^>]*?\shref="([^"]*)"/g)].flatMap(([, href]) => {
      const { origin, pathname, hash } = new URL(text(href), `http://site${base}${page}`);
      if (origin !== 'http://site') return [];
      const dead = [`${page}: ${href}`];
      if (!pathname.startsWith(base)) return dead;
      const path = decodeURIComponent(pathname.slice(base.length));
      const target = path === '' || path.endsWith('/') ? `${path}index.html` : path;
      const file = html.has(target) ? target : html.has(`${target}.html`) ? `${target}.html` : undefined;
      if (file === undefined) {
        return existsSync(join(site, path)) && statSync(join(site, path)).isFile() ? [] : dead;
      }
      return hash === '' || placesOf(file).has(decodeURIComponent(hash.slice(1))) ? [] : dead;
    }),
  );
}

function text(attribute) {
  return attribute
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&amp;', '&');
}
