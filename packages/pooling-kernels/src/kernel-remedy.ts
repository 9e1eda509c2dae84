/** What the caller can do about a {@link KernelError}, as data: a program renders it in its own words. */
export type KernelRemedy =
  /** Choose one of these kernels. */
  | { readonly code: 'use-kernel'; readonly kernels: readonly string[] }
  /** The table is too large: quantise it, or choose one of these kernels. */
  | { readonly code: 'shrink-table'; readonly kernels: readonly string[] }
  /** Install the npm package. */
  | { readonly code: 'install-package'; readonly packageName: string }
  /** Set `env.wasm.numThreads` of the runtime to this number. */
  | { readonly code: 'set-runtime-threads'; readonly threads: number }
  /** The kernel was disposed: load the table again. */
  | { readonly code: 'load-again' }
  /** Give the kernel a name that is free. */
  | { readonly code: 'rename-kernel' }
  /** Use the tokenizer and the table of one model. */
  | { readonly code: 'match-tokenizer' };

/** Words a remedy in terms of this package's API. */
export function remedyText(remedy: KernelRemedy): string {
  switch (remedy.code) {
    case 'use-kernel':
      return `use kernel ${alternatives(remedy.kernels)}`;
    case 'shrink-table':
      return ['quantise the table', ...remedy.kernels.map((kernel) => `use kernel ${kernel}`)].join(' or ');
    case 'install-package':
      return `npm install ${remedy.packageName}`;
    case 'set-runtime-threads':
      return `set env.wasm.numThreads to ${remedy.threads}`;
    case 'load-again':
      return 'load the table again';
    case 'rename-kernel':
      return 'give your kernel another name';
    case 'match-tokenizer':
      return 'use the tokenizer and the table of the same model';
  }
}

function alternatives(names: readonly string[]): string {
  if (names.length < 3) return names.join(' or ');
  return `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
}
