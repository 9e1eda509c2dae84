// Draws the demo's sample from a list of WordNet's glosses, one a line, which may be gzipped:
//   node scripts/sample-texts.mjs wordnet-glosses.txt.gz > src/demo/glosses.txt
// The sample is deterministic. WordNet's licence is in the same folder.
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

const COUNT = 5000;

/** Words that are unsuitable for a demo. */
const UNWANTED =
  /sex|genital|penis|vagin|urethra|nazi|homosexual|\brape|disparag|offensive|derog|\bJews?\b|suicid|excre|faeces|feces/i;

const bytes = readFileSync(process.argv[2]);
const text = (bytes[0] === 0x1f ? gunzipSync(bytes) : bytes).toString('utf8');
const definitions = new Set();
for (const gloss of text.split('\n')) {
  // Drops the examples after the definition; a short list does not need them.
  const definition = gloss.replace(/; ".*$/, '').trim();
  const { length } = definition;
  if (length < 28 || length > 96 || !/^[a-z(]/.test(definition) || UNWANTED.test(definition)) continue;
  definitions.add(definition);
}
const all = [...definitions];
// Samples the whole list evenly, because it is sorted by part of speech.
const sample = Array.from({ length: COUNT }, (_, i) => all[Math.floor((i * all.length) / COUNT)]);
process.stdout.write(`${sample.join('\n')}\n`);
