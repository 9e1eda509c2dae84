/** Longest description that search engines show whole. */
const LONGEST = 160;

/**
 * Returns the first paragraph of a Markdown page as plain text, for search engines and language models; empty if the page has
 * none.
 */
export function descriptionOf(markdown) {
  const body = markdown.replace(/^---\n[\s\S]*?\n---\n/, '').replaceAll(/^(`{3,})[\s\S]*?^\1$/gm, '');
  const paragraph = body.split(/\n{2,}/).find((block) => /^[\p{L}\p{N}`[*]/u.test(block.trim()));
  return paragraph === undefined ? '' : shortened(plain(paragraph).replace(/:$/, '.'));
}

function plain(markdown) {
  return markdown
    .replaceAll(/!\[[^\]]*\]\([^)]*\)/g, '')
    .replaceAll(/\[([^\]]+)\]\([^)]*\)/g, '$1')
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll(/[`*]/g, '')
    .replaceAll(/\s+/g, ' ')
    .trim();
}

function shortened(text) {
  if (text.length <= LONGEST) return text;
  const end = text.lastIndexOf(' ', LONGEST - 1);
  return `${text.slice(0, end).replace(/[,;:.]$/, '')}…`;
}
