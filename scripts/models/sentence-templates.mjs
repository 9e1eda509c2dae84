/** Rules may name each other to this depth, which only circular ones exceed. */
const MAX_DEPTH = 12;

/**
 * Returns random sentences of a template: `(a|b)` is a choice, `[a]` may be left out, `<rule>` and `{slot}` are looked up.
 *
 * @param count - sentences at most; fewer if the template has fewer
 * @param context - `rules` by name, values of `slots` by name, and `random` as {@link generator} makes it
 */
export function sentencesOf(template, count, { rules = {}, slots = {}, random }) {
  const found = new Set();
  for (let i = 0; i < count * 3 && found.size < count; i++) {
    const text = expand(template, { rules, slots, random }, 0).replaceAll(/\s+/g, ' ').trim();
    if (text !== '') found.add(text);
  }
  return [...found];
}

function expand(template, context, depth) {
  if (depth > MAX_DEPTH) return '';
  let at = 0;
  const until = (end) => {
    const from = at;
    while (at < template.length && template[at] !== end) at++;
    return template.slice(from, at++);
  };
  const slot = (name) => {
    const values = context.slots[name];
    if (values === undefined || values.length === 0) return name.replaceAll('_', ' ');
    return expand(values[Math.floor(context.random() * values.length)], context, depth + 1);
  };
  const part = (character) => {
    switch (character) {
      case '(':
        return sequence(')');
      case '[': {
        const inner = sequence(']');
        return context.random() < 0.5 ? inner : '';
      }
      case '<':
        return expand(context.rules[until('>')] ?? '', context, depth + 1);
      case '{':
        return slot(until('}').split(':')[0]);
      case '\\':
        return template[at++] ?? '';
      default:
        return character;
    }
  };
  const sequence = (end) => {
    const choices = [''];
    while (at < template.length && template[at] !== end) {
      const character = template[at++];
      if (character === '|') choices.push('');
      else choices[choices.length - 1] += part(character);
    }
    at++;
    return choices[Math.floor(context.random() * choices.length)];
  };
  return sequence(undefined);
}

/** Returns a source of numbers from 0 to 1 that repeats in every run (mulberry32). */
export function generator(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b_79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
