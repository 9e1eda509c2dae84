/** A page that embeds a text and compares sentences. It loads no external resources. */
export const PAGE = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Embeddings server</title>
<style>
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }
  label { display: block; margin-top: 1rem; font-weight: 600; }
  textarea, input, select { font: inherit; width: 100%; box-sizing: border-box; padding: .4rem; }
  button { font: inherit; margin-top: 1rem; padding: .4rem 1rem; }
  pre { background: #8881; padding: 1rem; overflow: auto; white-space: pre-wrap; overflow-wrap: anywhere; }
  meter { width: 12rem; vertical-align: middle; }
  :root { color-scheme: light dark; }
</style>
<h1>Embeddings server</h1>
<p>Interfaces of OpenAI, text-embeddings-inference, Ollama and Weaviate; all paths are in <a href="openapi.json">openapi.json</a>.</p>
<form>
  <label for="key">API key, if the server has one</label>
  <input id="key" type="password" autocomplete="off">
  <label for="model">Model</label>
  <select id="model"></select>
  <label for="texts">Texts, one a line. The first is compared with the others.</label>
  <textarea id="texts" rows="6">How do I reset my password?
I forgot my login details.
The weather is nice today.</textarea>
  <button>Embed</button>
</form>
<ol id="result" aria-live="polite"></ol>
<h2>The request</h2>
<pre id="request"></pre>
<script type="module">
  const id = (name) => document.getElementById(name);
  const headers = () => ({
    'content-type': 'application/json',
    ...(id('key').value && { authorization: 'Bearer ' + id('key').value }),
  });
  async function call(path, init) {
    const response = await fetch(path, { ...init, headers: headers() });
    const body = await response.json();
    if (!response.ok) throw new Error(response.status + ': ' + (body.message ?? body.error));
    return body;
  }
  async function listModels() {
    const { data } = await call('v1/models');
    id('model').replaceChildren(...data.map(({ id }) => new Option(id)));
  }
  const show = (...items) => id('result').replaceChildren(...items);
  function failed(error) {
    const item = document.createElement('li');
    item.textContent = error.message;
    show(item);
  }
  function row(text, vector, cosine) {
    const item = document.createElement('li');
    const meter = Object.assign(document.createElement('meter'), { min: 0, max: 1, value: cosine });
    meter.title = 'cosine';
    item.append(meter, ' ' + cosine.toFixed(3) + ' ' + text);
    const numbers = document.createElement('small');
    numbers.textContent = ' [' + vector.slice(0, 4).join(', ') + ', … ' + vector.length + ' dimensions]';
    item.append(numbers);
    return item;
  }
  id('key').addEventListener('change', () => listModels().catch(failed));
  document.querySelector('form').addEventListener('submit', async (event) => {
    event.preventDefault();
    const input = id('texts').value.split('\\n').filter((line) => line.trim() !== '');
    const body = JSON.stringify({ model: id('model').value, input }, null, 2);
    id('request').textContent = 'POST ' + new URL('v1/embeddings', location) + '\\n\\n' + body;
    try {
      const { data } = await call('v1/embeddings', { method: 'POST', body });
      const length = (vector) => Math.hypot(...vector) || 1;
      const first = data[0].embedding;
      show(...data.map(({ embedding }, i) => {
        const dot = embedding.reduce((sum, x, j) => sum + x * first[j], 0);
        return row(input[i], embedding, dot / length(embedding) / length(first));
      }));
    } catch (error) {
      failed(error);
    }
  });
  listModels().catch(failed);
</script>
</html>
`;
