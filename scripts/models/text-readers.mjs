// Freely licensed English sentences of conversation, requests and help, beside the glosses of a dictionary. None of the
// packages holds a text of the evaluation sets (CLINC150, Banking77).
//
//   chatterbot-corpus        BSD-3-Clause       conversation
//   home-assistant-intents   Apache-2.0         requests to a house
//   ovos-skill-alerts        BSD-3-Clause       requests to an assistant; the other five skills are Apache-2.0
//   gnome-user-docs          CC-BY-SA-3.0       help with a computer, from Debian
//   gnucash-docs             GFDL-1.1-or-later  help with accounting, from Debian
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { generator, sentencesOf } from './sentence-templates.mjs';

const SKILLS = ['alerts', 'date_time', 'ddg', 'personal', 'volume', 'weather'];
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

/**
 * Returns the sentences, each once, in the same order in every run.
 *
 * @param sitePackages - folder that holds the Python packages
 * @param cache - folder for the packages of Debian, which `apt-get` downloads
 */
export function furtherTexts(sitePackages, cache) {
  const texts = new Set();
  const add = (sentences) => {
    for (const each of sentences) if (isUsable(each)) texts.add(each);
  };
  add(conversation(join(sitePackages, 'chatterbot_corpus/data/english')));
  add(houseRequests(join(sitePackages, 'home_assistant_intents/data/en.json')));
  add(assistantRequests(SKILLS.map((name) => join(sitePackages, `ovos_skill_${name}`))));
  add(
    helpPages(
      debianPackage('gnome-user-docs', cache),
      /\/C\/.*\.page$/,
      /<(p|title|desc)[ >][^>]*>?([\s\S]*?)<\/\1>/g,
    ),
  );
  add(helpPages(debianPackage('gnucash-docs', cache), /-en\/.*\.html$/, /<(p)>([\s\S]*?)<\/p>/g));
  return [...texts];
}

function isUsable(sentence) {
  return (
    sentence.length >= 8 && sentence.length <= 300 && /[a-z]{2}/.test(sentence) && sentence.includes(' ')
  );
}

function* conversation(folder) {
  for (const file of filesIn(folder).filter((path) => path.endsWith('.yml'))) {
    for (const line of readFileSync(file, 'utf8').split('\n')) {
      const said = /^(?:- )?\s*- (.*)$/.exec(line)?.[1];
      if (said === undefined || line.startsWith('categories')) continue;
      yield* sentencesIn(said.replaceAll(/^["']|["']$/g, '').replace(/^- /, ''));
    }
  }
}

function* houseRequests(file) {
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

function* assistantRequests(folders) {
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

function* helpPages(folder, pages, paragraphs) {
  for (const file of filesIn(folder).filter((path) => pages.test(path))) {
    for (const [, , paragraph] of readFileSync(file, 'utf8').matchAll(paragraphs))
      yield* sentencesIn(plain(paragraph));
  }
}

/** Downloads and unpacks a package of Debian. */
function debianPackage(name, cache) {
  const folder = join(cache, name);
  const content = join(folder, 'content');
  if (existsSync(content)) return content;
  mkdirSync(folder, { recursive: true });
  execFileSync('apt-get', ['download', name], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
  const archive = readdirSync(folder).find((file) => file.endsWith('.deb'));
  execFileSync('dpkg-deb', ['--extract', join(folder, archive), content]);
  return content;
}

function filesIn(folder) {
  return readdirSync(folder)
    .flatMap((name) => {
      const path = join(folder, name);
      return statSync(path).isDirectory() ? filesIn(path) : [path];
    })
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
