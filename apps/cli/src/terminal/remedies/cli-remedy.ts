/** What the user can do about an error of the command line itself, as data. */
export type CliRemedy =
  | { readonly code: 'pass-flag'; readonly flag: string; readonly effect?: string }
  | { readonly code: 'run-command'; readonly command: string; readonly effect: string }
  | { readonly code: 'see-help'; readonly command: string }
  | { readonly code: 'use-instead'; readonly suggestion: string }
  | { readonly code: 'name-milvus' }
  | { readonly code: 'check-path' }
  | { readonly code: 'check-permissions' }
  | { readonly code: 'name-file' }
  | { readonly code: 'choose-folder' }
  | { readonly code: 'free-space' }
  | { readonly code: 'shorten-name' }
  | { readonly code: 'raise-file-limit' };

/** Renders a remedy as the end of an error's line. */
export function cliRemedyWords(remedy: CliRemedy): string {
  switch (remedy.code) {
    case 'pass-flag':
      return remedy.effect === undefined ? `pass ${remedy.flag}` : `pass ${remedy.flag} ${remedy.effect}`;
    case 'run-command':
      return `${remedy.command} ${remedy.effect}`;
    case 'see-help':
      return `see ${remedy.command} --help`;
    case 'use-instead':
      return `did you mean ${remedy.suggestion}?`;
    case 'name-milvus':
      return 'name a Milvus such as http://localhost:19530, or a folder such as ./milvus.db';
    case 'check-path':
      return 'check the path';
    case 'check-permissions':
      return 'check its owner and permissions';
    case 'name-file':
      return 'name a file';
    case 'choose-folder':
      return 'choose another folder';
    case 'free-space':
      return 'free space or choose another folder';
    case 'shorten-name':
      return 'choose a shorter name';
    case 'raise-file-limit':
      return 'raise the limit (ulimit -n)';
  }
}
