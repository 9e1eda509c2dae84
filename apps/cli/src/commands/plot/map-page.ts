/** An HTML page around a picture, with a search box that highlights points by their texts. Works without a network. */
export function mapPage(title: string, svg: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<style>
:root { color-scheme: light dark; font-family: system-ui, sans-serif; }
body { margin: 0; padding: 1rem; color: #1b1f24; background: #fff; }
form { display: flex; gap: 0.75rem; align-items: baseline; max-width: 60rem; margin: 0 auto 0.5rem; }
input { flex: 1; font: inherit; padding: 0.3rem 0.5rem; }
svg { display: block; width: 100%; height: auto; max-height: 90vh; margin: 0 auto; }
circle.hidden { opacity: 0.08; }
@media (prefers-color-scheme: dark) { body { color: #e6e8ea; background: #16191d; } }
</style>
</head>
<body>
<main>
<form onsubmit="return false">
<label for="words">Find</label>
<input id="words" type="search" autocomplete="off">
<output id="count" for="words"></output>
</form>
${svg}</main>
<script>
const points = [...document.querySelectorAll('svg circle')]
  .map((circle) => ({ circle, text: circle.querySelector('title')?.textContent.toLowerCase() }))
  .filter(({ text }) => text !== undefined);
document.getElementById('words').addEventListener('input', ({ target }) => {
  const words = target.value.toLowerCase().split(/\\s+/).filter(Boolean);
  let found = 0;
  for (const { circle, text } of points) {
    const holds = words.every((word) => text.includes(word));
    circle.classList.toggle('hidden', !holds);
    if (holds) found++;
  }
  document.getElementById('count').textContent = words.length === 0 ? '' : found + ' of ' + points.length;
});
</script>
</body>
</html>
`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
