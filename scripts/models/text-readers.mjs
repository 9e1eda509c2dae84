import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { generator, sentencesOf } from './sentence-templates.mjs';

/** Random sentences of a template at most. */
const PER_INTENT = 6;
const PER_LINE = 4;
/** Values for slots that a house fills in. */
const HOUSE = {
  area: ['kitchen', 'living room', 'bedroom', 'garage', 'bathroom', 'office', 'hallway', 'garden'],
  name: [
    ...['lamp', 'ceiling light', 'front door', 'garage door', 'heater', 'fan', 'coffee machine', 'curtains'],
    ...['thermostat', 'TV', 'music', 'washing machine'],
  ],
  message: ['dinner is ready', 'it is time to go to school', 'I am home'],
  item: ['milk', 'eggs', 'bread', 'apples'],
};

/** Lower-case words of a sentence, without punctuation: sentences with the same words count as one. */
export const wordsOf = (sentence) =>
  sentence
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();

/** Reads the YAML of chatterbot-corpus. */
export function* conversation(folder) {
  for (const file of filesIn(folder).filter((path) => path.endsWith('.yml'))) {
    for (const line of readFileSync(file, 'utf8').split('\n')) {
      const said = /^(?:- )?\s*- (.*)$/.exec(line)?.[1];
      if (said === undefined || line.startsWith('categories')) continue;
      yield* sentencesIn(said.replaceAll(/^["']|["']$/g, '').replace(/^- /, ''));
    }
  }
}

/** Reads the templates of home-assistant-intents. */
export function* houseRequests(file) {
  const { lists, intents, expansion_rules: rules } = JSON.parse(readFileSync(file, 'utf8'));
  const slots = {};
  for (const [name, { values, range }] of Object.entries(lists)) {
    const step = range === undefined ? 0 : (range.to - range.from) / 9;
    slots[name] =
      range === undefined
        ? (values ?? []).map((value) => (typeof value === 'string' ? value : value.in)).filter(Boolean)
        : Array.from({ length: 10 }, (_, i) => String(Math.round(range.from + step * i)));
  }
  Object.assign(slots, HOUSE, { area: [...(slots.area ?? []), ...HOUSE.area] });
  const random = generator(1);
  for (const { data } of Object.values(intents)) {
    for (const template of data.flatMap(({ sentences }) => sentences)) {
      yield* sentencesOf(template, PER_INTENT, { rules, slots, random });
    }
  }
}

/** Reads the intents and answers of skills for OVOS. */
export function* assistantRequests(folders) {
  const random = generator(2);
  const files = folders
    .flatMap(filesIn)
    .filter((path) => /en-us/i.test(path) && /\.(?:intent|dialog|voc|prompt)$/.test(path));
  for (const file of files) {
    for (const line of readFileSync(file, 'utf8').split('\n')) {
      if (line.trim() !== '' && !line.startsWith('#')) yield* sentencesOf(line, PER_LINE, { random });
    }
  }
}

/** Reads every second question of chitchat-dataset: all of them would outweigh the other texts. */
export function* chatQuestions(file) {
  const questions = new Set();
  for (const { messages } of Object.values(JSON.parse(readFileSync(file, 'utf8')))) {
    for (const { text } of messages.flat()) {
      const question = text.replaceAll(/\s+/g, ' ').trim();
      if (question.endsWith('?') && question.split(' ').length >= 4) questions.add(question);
    }
  }
  let count = 0;
  for (const question of questions) if (count++ % 2 === 0) yield question;
}

/** Reads the paragraphs that `paragraphs` captures as its last group. */
export function* helpPages(folder, pages, paragraphs) {
  for (const file of filesIn(folder).filter((path) => pages.test(path))) {
    for (const groups of readFileSync(file, 'utf8').matchAll(paragraphs))
      yield* sentencesIn(plain(groups.at(-1)));
  }
}

function filesIn(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .sort();
}

const SEGMENTER = new Intl.Segmenter('en', { granularity: 'sentence' });

function sentencesIn(text) {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return Array.from(SEGMENTER.segment(line), ({ segment }) => segment.trim());
}

const ENTITIES = { amp: '&', lt: '<', gt: '>', quot: '"', '#8217': "'" };

function plain(markup) {
  return markup.replaceAll(/<[^>]*>/g, '').replaceAll(/&([#\w]+);/g, (_, name) => ENTITIES[name] ?? ' ');
}
