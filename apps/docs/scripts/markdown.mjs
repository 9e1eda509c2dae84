// Converts the repository's Markdown to pages of the site.

/** HTML tags that the repository's Markdown may use; anything else in angle brackets is text. */
const TAGS =
  /^<(?:!--|\/?(?:a|b|br|code|dd|details|div|dl|dt|em|figcaption|figure|h[1-6]|hr|i|img|kbd|li|ol|p|picture|pre|small|source|span|strong|sub|summary|sup|table|tbody|td|th|thead|tr|ul|https?:)(?=[\s/>:]|$))/i;

/**
 * Converts Markdown for the site. `link` resolves each link; a link without a target becomes text. Vue template syntax becomes
 * text, because the repository's Markdown never contains templates.
 */
export function siteMarkdown(text, link) {
  // Code is removed first and restored later, so that links and tags in it stay untouched.
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
