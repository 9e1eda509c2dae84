import { expect, it } from 'vitest';
import { pageSections } from './page-sections.js';

it('splits a page at its headings and keeps the path of headings above each part', () => {
  const page = pageSections(
    '<title>Tea | Shop</title><h1 id="tea">Tea</h1><p>All about tea.<h2 id="green">Green</h2><p>Steam it.</p><h3 id="japan">Japan</h3><ul><li>Sencha<li>Matcha</ul><h2 id="black">Black</h2>Oxidised.',
  );
  expect(page?.title).toBe('Tea');
  expect(page?.sections.slice(1)).toMatchObject([
    { anchor: '', headings: [], blocks: ['All about tea.'] },
    { anchor: 'green', headings: ['Green'], blocks: ['Steam it.'] },
    { anchor: 'japan', headings: ['Green', 'Japan'], blocks: ['Sencha', 'Matcha'] },
    { anchor: 'black', headings: ['Black'], blocks: ['Oxidised.'] },
  ]);
});

it('takes the main element alone and skips navigation, scripts, hidden and ignored parts', () => {
  const page = pageSections(
    `<title>T</title><header>Logo</header><p>outside<main><nav>menu</nav><p>kept</p><script>code()</script>
    <p hidden>a</p><p aria-hidden="true">b<br>c</p><div data-site-search-ignore><h2>d</h2><img src=x>e</div>
    <button>Copy</button><p>also kept</main><footer>foot</footer><p>after`,
  );
  expect(page).toMatchObject({ title: 'T', sections: [{ blocks: ['kept', 'also kept'] }] });
});

it('takes the body if there is no main element, and decodes entities', () => {
  const page = pageSections('<body><h1>A &amp; B</h1><p>caf&eacute;\n  &lt;b&gt;');
  expect(page).toMatchObject({ title: 'A & B', sections: [{ blocks: [] }, { blocks: ['café <b>'] }] });
});

it('finds the anchor of a heading on the heading, inside it, or on the section around it', () => {
  const anchors = pageSections(
    '<h2 id="a">A</h2>x<h2><a id="b"></a>B</h2>x<section id="c"><h2>C</h2>x</section><h2>D</h2>x',
  )?.sections.map(({ anchor }) => anchor);
  expect(anchors).toEqual(['', 'a', 'b', 'c', '']);
});

it('puts no zero-width characters of permalinks into headings', () => {
  const page = pageSections(
    '<h2 id="x">Use <code>it</code> <a href="#x" aria-label="Permalink">\u200b</a></h2>y',
  );
  expect(page?.sections.at(-1)?.headings).toEqual(['Use it']);
});

it('separates the cells of a table', () => {
  const page = pageSections('<table><tr><th>Code<th>Meaning<tr><td>0<td>done</table>');
  expect(page?.sections[0]?.blocks).toEqual(['Code', 'Meaning', '0', 'done']);
});

it('leaves out a page that asks search engines to', () => {
  expect(pageSections('<meta name="robots" content="NOINDEX, nofollow"><p>text')).toBeUndefined();
});
