import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { debianPackage } from './debian-package.mjs';
import {
  assistantRequests,
  chatQuestions,
  conversation,
  helpPages,
  houseRequests,
  wordsOf,
} from './text-readers.mjs';

const SKILLS = ['alerts', 'date_time', 'ddg', 'personal', 'volume', 'weather'];
const MALLARD_PARAGRAPHS = /<(p|title|desc)[ >][^>]*>?([\s\S]*?)<\/\1>/g;
const HTML_PARAGRAPHS = /<p(?: [^>]*)?>([\s\S]*?)<\/p>/g;

/**
 * Freely licensed English sentences of conversation, requests and help. No package contains the evaluation sets
 * (CLINC150, Banking77). `sha256` is the digest of the package's new texts, one a line.
 */
const SOURCES = [
  {
    package: 'chatterbot-corpus',
    licence: 'BSD-3-Clause',
    sha256: 'c14629753d2ed0a18cb6563f5174919e12b932ab774955ba91f78f2c4834c58c',
    read: ({ python }) => conversation(join(python, 'chatterbot_corpus/data/english')),
  },
  {
    package: 'home-assistant-intents',
    licence: 'Apache-2.0',
    sha256: 'b5dd98c5fd6f5f7baf1d276c0fa5ab6cbc3fc76329831a2c33826382c10311ec',
    read: ({ python }) => houseRequests(join(python, 'home_assistant_intents/data/en.json')),
  },
  {
    package: 'ovos-skill-*',
    licence: 'BSD-3-Clause (alerts), Apache-2.0 (the other five)',
    sha256: '47ee7ae64e42baff27e05e4b88c9efe0484258b16c963cc876360de0141b88f6',
    read: ({ python }) => assistantRequests(SKILLS.map((name) => join(python, `ovos_skill_${name}`))),
  },
  {
    package: 'chitchat-dataset',
    licence: 'MIT',
    sha256: 'd60d332025fd8f19bf324e74e01f9aebdd1e1af7897bce12ab0c62a39f7d45f0',
    read: ({ python }) => chatQuestions(join(python, 'chitchat_dataset/dataset.json')),
  },
  {
    package: 'gnome-user-docs',
    licence: 'CC-BY-SA-3.0',
    sha256: 'f18fb5421947466f60b31006f769a88f1ac359894c2ca5e760dc5122ef023b3d',
    read: ({ debian }) => helpPages(debian('gnome-user-docs'), /\/C\/.*\.page$/, MALLARD_PARAGRAPHS),
  },
  {
    package: 'evolution-common',
    licence: 'CC-BY-SA-3.0',
    sha256: '9740449b062348cdaa301f1621a58451d459208f19bb3d1d6e5318e2aa4f63a7',
    read: ({ debian }) => helpPages(debian('evolution-common'), /\/C\/.*\.page$/, MALLARD_PARAGRAPHS),
  },
  {
    package: 'gnucash-docs',
    licence: 'GFDL-1.1-or-later',
    sha256: 'f5968ecec2ff6b3ec60d5d4d459f1be0e0591b79a6b6d92148dc1a3b62280617',
    read: ({ debian }) => helpPages(debian('gnucash-docs'), /-en\/.*\.html$/, HTML_PARAGRAPHS),
  },
  {
    package: 'homebank-data',
    licence: 'GPL-2.0-or-later',
    sha256: '508e378e36038a8844b2d6666f7fa85db56a923812572ca3828c818877ad0654',
    read: ({ debian }) => helpPages(debian('homebank-data'), /\/help\/.*\.html$/, HTML_PARAGRAPHS),
  },
];

/** Everyday phrases such as "what day is it" that are also in an evaluation set. Models must not be made from them. */
const EVALUATED = new Set(
  readFileSync(new URL('evaluation-sentences.txt', import.meta.url), 'utf8')
    .trimEnd()
    .split('\n'),
);

/**
 * Returns the sentences, each once, in the same order in every run, and per source whether they are the recorded ones.
 *
 * @param python - folder that holds the Python packages
 * @param cache - folder for the packages of Debian
 */
export function furtherTexts(python, cache) {
  const texts = new Set();
  const sources = SOURCES.map(({ package: name, licence, sha256: recorded, read }) => {
    const own = [];
    for (const sentence of read({ python, debian: (debian) => debianPackage(debian, cache) })) {
      if (!isUsable(sentence) || texts.has(sentence)) continue;
      texts.add(sentence);
      own.push(sentence);
    }
    const sha256 = createHash('sha256').update(own.join('\n')).digest('hex');
    return { name, licence, texts: own.length, sha256, isRecorded: sha256 === recorded };
  });
  return { texts: [...texts], sources };
}

function isUsable(sentence) {
  return (
    sentence.length >= 8 &&
    sentence.length <= 300 &&
    /[a-z]{2}/.test(sentence) &&
    sentence.includes(' ') &&
    !EVALUATED.has(wordsOf(sentence))
  );
}
