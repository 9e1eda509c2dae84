// What Markdown of the repository needs to become a page of the site.

/** HTML that Markdown of this repository may use; anything else in angle brackets is text. */
const TAGS =
  /^<(?:!--|\/?(?:a|b|br|code|dd|details|div|dl|dt|em|figcaption|figure|h[1-6]|hr|i|img|kbd|li|ol|p|picture|pre|small|source|span|strong|sub|summary|sup|table|tbody|td|th|thead|tr|ul|https?:)(?=[\s/>:]|$))/i;

/**
 * Markdown for the site: links lead where `link` says, and become text where it says nothing; what Vue would read as a
 * template, which the repository's Markdown never means, is text.
 */
export function siteMarkdown(text, link) {
  // Code is put aside, then put back: what looks like a link or a tag in it is none.
  const kept = [];
  const keep = (code) => `\u{F0000}${kept.push(code) - 1}\u{F0001}`;
  return text
    .replaceAll(/^( *)(`{3,}|~{3,})[\s\S]*?^\1\2[`~]*[ \t]*$/gm, (code) =>
      keep(code.replace(/^( *`{3}\w+) (?:run|no-check)\b/, '$1')),
    )
    .replaceAll(/(?<!`)(`+)(?!`)[\s\S]*?[^`]\1(?!`)/g, keep)
    .replaceAll('{{', '&#123;&#123;')
    .replaceAll(/<(?=[a-z/!])[^<\n]*/gi, (tail) => (TAGS.test(tail) ? tail : `&lt;${tail.slice(1)}`))
    .replaceAll(/(!?)\[([^\]]*)\]\(([^()\s]+)((?:\s+"[^"]*")?)\)/g, (whole, image, label, target, title) => {
      const to = link(target);
      if (to === target) return whole;
      return to === undefined ? label : `${image}[${label}](${to}${title})`;
    })
    .replaceAll(/\u{F0000}(\d+)\u{F0001}/gu, (_, at) => kept[at]);
}
