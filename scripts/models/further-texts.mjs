import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { debianPackage } from './debian-package.mjs';
import { assistantRequests, chatQuestions, conversation, helpPages, houseRequests } from './text-readers.mjs';

const SKILLS = ['alerts', 'date_time', 'ddg', 'personal', 'volume', 'weather'];
const MALLARD_PARAGRAPHS = /<(p|title|desc)[ >][^>]*>?([\s\S]*?)<\/\1>/g;
const HTML_PARAGRAPHS = /<p(?: [^>]*)?>([\s\S]*?)<\/p>/g;

/**
 * Freely licensed English sentences of conversation, requests and help. No package contains the evaluation sets
 * (CLINC150, Banking77); 54 everyday phrases such as "what day is it" are in both. `sha256` is the digest of the package's new texts, one a line.
 */
const SOURCES = [
  {
    package: 'chatterbot-corpus',
    licence: 'BSD-3-Clause',
    sha256: '26f04625a1f5db0cfc52cdd7567f5f7b1bfdaf4786a4f4e3f1719531de1194aa',
    read: ({ python }) => conversation(join(python, 'chatterbot_corpus/data/english')),
  },
  {
    package: 'home-assistant-intents',
    licence: 'Apache-2.0',
    sha256: 'ec658c408ae218b8635863177d1534641405be7317952240e5ac3a3b9e93056a',
    read: ({ python }) => houseRequests(join(python, 'home_assistant_intents/data/en.json')),
  },
  {
    package: 'ovos-skill-*',
    licence: 'BSD-3-Clause (alerts), Apache-2.0 (the other five)',
    sha256: '22ed1b03f09e1168582b7d3527945e9c39754a1bf63aac4ee16acb67296fbb8e',
    read: ({ python }) => assistantRequests(SKILLS.map((name) => join(python, `ovos_skill_${name}`))),
  },
  {
    package: 'chitchat-dataset',
    licence: 'MIT',
    sha256: '95573d84f3d85b712a201169a4dac110c9ae1d7bad900a0768507ea4083aacdf',
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
    sha256: '2a3f568b5a4edbcdfc2a9696777f6d2de02ce82756d6e0a9955f9b8e22d5822f',
    read: ({ debian }) => helpPages(debian('gnucash-docs'), /-en\/.*\.html$/, HTML_PARAGRAPHS),
  },
  {
    package: 'homebank-data',
    licence: 'GPL-2.0-or-later',
    sha256: '508e378e36038a8844b2d6666f7fa85db56a923812572ca3828c818877ad0654',
    read: ({ debian }) => helpPages(debian('homebank-data'), /\/help\/.*\.html$/, HTML_PARAGRAPHS),
  },
];

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
    sentence.length >= 8 && sentence.length <= 300 && /[a-z]{2}/.test(sentence) && sentence.includes(' ')
  );
}
