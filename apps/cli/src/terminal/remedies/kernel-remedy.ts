import type { KernelRemedy } from '@model2vec-ts/pooling-kernels';

/** Renders a remedy of the kernels with flags. */
export function kernelRemedyWords(remedy: KernelRemedy): string {
  switch (remedy.code) {
    case 'use-kernel':
      return `pass --kernel ${remedy.kernels.join(' or ')}`;
    case 'shrink-table':
      return ['pass --quantize-to int8', ...remedy.kernels.map((kernel) => `--kernel ${kernel}`)].join(
        ' or ',
      );
    case 'install-package':
      return `run npm install ${remedy.packageName} (with --global if m2v is installed globally)`;
    case 'set-runtime-threads':
      return 'pass another --kernel';
    case 'load-again':
      return 'run the command again';
    case 'rename-kernel':
      return 'give your kernel another name';
    case 'match-tokenizer':
      return 'use the tokenizer and the table of the same model';
  }
}
