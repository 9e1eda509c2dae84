import { Parser } from 'htmlparser2';

/** A part of a page under one heading. */
interface Section {
  /** Identifier of the heading; empty for the page's beginning. */
  readonly anchor: string;
  /** Headings above the text, the outermost first, without the page's title. */
  readonly headings: readonly string[];
  /** Paragraphs, list items, rows of tables, blocks of code. */
  readonly blocks: readonly string[];
}

/** Text of a page. */
export interface PageText {
  readonly title: string;
  readonly sections: readonly Section[];
}

/** Elements whose text is no part of the page's content. */
const IGNORED = new Set(
  'script style template noscript svg math nav header footer aside button select textarea iframe object dialog'.split(
    ' ',
  ),
);
/** Elements that end a block of text. */
const BLOCKS = new Set(
  'address article blockquote br dd details div dl dt fieldset figcaption figure form hr li main ol p pre section summary table td th tr ul'.split(
    ' ',
  ),
);

interface OpenSection {
  anchor: string;
  headings: string[];
  blocks: string[];
  isMain: boolean;
}

/**
 * Splits a page by its headings. Takes the `main` element if there is one, and skips navigation, page headers and footers,
 * scripts, controls, hidden elements, and elements with the attribute `data-site-search-ignore`.
 *
 * @returns `undefined` for a page that asks search engines to leave it out
 */
export function pageSections(html: string): PageText | undefined {
  const sections: OpenSection[] = [{ anchor: '', headings: [], blocks: [], isMain: false }];
  let path: { level: number; text: string }[] = [];
  let documentTitle = '';
  let title = '';
  let text = '';
  let mainDepth = 0;
  let isHidden = false;
  let isTitle = false;
  let heading: { level: number; anchor: string } | undefined;
  /** Open elements inside the outermost ignored one, itself included. */
  const ignored: string[] = [];
  /** Identifier of an element before a heading, as some generators anchor the section instead of the heading. */
  let sectionId = '';

  const endBlock = () => {
    const block = text.replaceAll(/[\s\u200b]+/g, ' ').trim();
    text = '';
    if (block !== '') sections.at(-1)!.blocks.push(block);
  };
  const parser = new Parser(
    {
      onopentag(name, attributes) {
        if (
          name === 'meta' &&
          attributes.name === 'robots' &&
          /\bnoindex\b/i.test(attributes.content ?? '')
        ) {
          isHidden = true;
        }
        if (ignored.length > 0) {
          ignored.push(name);
        } else if (
          IGNORED.has(name) ||
          'hidden' in attributes ||
          attributes['aria-hidden'] === 'true' ||
          'data-site-search-ignore' in attributes
        ) {
          ignored.push(name);
        } else if (name === 'title') {
          isTitle = true;
        } else if (/^h[1-6]$/.test(name)) {
          endBlock();
          heading = { level: Number(name[1]), anchor: attributes.id ?? sectionId };
          sectionId = '';
        } else if (heading === undefined && (BLOCKS.has(name) || name === 'body')) {
          endBlock();
          if (name === 'main' && mainDepth++ === 0) {
            sections.push({ anchor: '', headings: [], blocks: [], isMain: true });
          }
          if (name === 'section' || name === 'article' || name === 'div') sectionId = attributes.id ?? '';
        } else if (heading !== undefined && heading.anchor === '' && attributes.id !== undefined) {
          heading.anchor = attributes.id;
        }
      },
      ontext(chunk) {
        if (ignored.length > 0) return;
        if (isTitle) documentTitle += chunk;
        else text += chunk;
      },
      onclosetag(name) {
        if (ignored.length > 0) {
          // Unclosed elements inside are closed by the parser before their parent.
          ignored.pop();
        } else if (name === 'title') {
          isTitle = false;
        } else if (heading !== undefined && /^h[1-6]$/.test(name)) {
          const words = text.replaceAll(/[\s\u200b]+/g, ' ').trim();
          text = '';
          const { level, anchor } = heading;
          heading = undefined;
          if (words === '') return;
          path = path.filter((above) => above.level < level);
          const isPageTitle = title === '' && level === 1;
          if (isPageTitle) title = words;
          else path.push({ level, text: words });
          sections.push({
            anchor: isPageTitle ? '' : anchor,
            headings: path.map((above) => above.text),
            blocks: [],
            isMain: mainDepth > 0,
          });
        } else if (BLOCKS.has(name)) {
          endBlock();
          if (name === 'main' && --mainDepth === 0) {
            sections.push({ anchor: '', headings: [], blocks: [], isMain: false });
          }
        }
      },
    },
    { decodeEntities: true },
  );
  parser.write(html);
  parser.end();
  endBlock();
  if (isHidden) return undefined;
  const main = sections.some((section) => section.isMain);
  return {
    title: title || documentTitle.replaceAll(/\s+/g, ' ').trim(),
    sections: sections.filter((section) => !main || section.isMain),
  };
}
