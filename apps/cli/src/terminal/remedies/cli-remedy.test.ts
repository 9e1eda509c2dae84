import { expect, it } from 'vitest';
import { FailureError, UsageError } from '../cli-error.js';
import { type CliRemedy, cliRemedyWords } from './cli-remedy.js';

/** Every remedy with its words; a new one without a row does not compile. */
const WORDS: { readonly [Code in CliRemedy['code']]: readonly [Extract<CliRemedy, { code: Code }>, string] } =
  {
    'pass-flag': [{ code: 'pass-flag', flag: '--yes' }, 'pass --yes'],
    'run-command': [
      { code: 'run-command', command: 'm2v models ls', effect: 'lists the models' },
      'm2v models ls lists the models',
    ],
    'see-help': [{ code: 'see-help', command: 'm2v embed' }, 'see m2v embed --help'],
    'use-instead': [{ code: 'use-instead', suggestion: 'embed' }, 'did you mean embed?'],
    'name-milvus': [
      { code: 'name-milvus' },
      'name a Milvus such as http://localhost:19530, or a folder such as ./milvus.db',
    ],
    'check-path': [{ code: 'check-path' }, 'check the path'],
    'check-permissions': [{ code: 'check-permissions' }, 'check its owner and permissions'],
    'name-file': [{ code: 'name-file' }, 'name a file'],
    'choose-folder': [{ code: 'choose-folder' }, 'choose another folder'],
    'free-space': [{ code: 'free-space' }, 'free space or choose another folder'],
    'shorten-name': [{ code: 'shorten-name' }, 'choose a shorter name'],
    'raise-file-limit': [{ code: 'raise-file-limit' }, 'raise the limit (ulimit -n)'],
  };

it.each(Object.values(WORDS))('%j is rendered as %j', (remedy, words) => {
  expect(cliRemedyWords(remedy)).toBe(words);
  const error = new FailureError('it failed', { remedy });
  expect(error).toMatchObject({ summary: 'it failed', remedy, message: `it failed; ${words}` });
});

it('a flag is followed by its effect', () => {
  expect(cliRemedyWords({ code: 'pass-flag', flag: '--model', effect: 'to name one' })).toBe(
    'pass --model to name one',
  );
});

it('the message of an error without a remedy is its summary', () => {
  const error = new UsageError('it failed');
  expect(error).toMatchObject({ summary: 'it failed', remedy: undefined, message: 'it failed' });
});
