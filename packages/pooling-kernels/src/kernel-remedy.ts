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

/**
 * A remedy and its wording for callers of this package. Each remedy has its own function, so that a page bundles only
 * the wording that its code can need.
 */
export interface KernelAdvice {
  readonly remedy: KernelRemedy;
  readonly advice: string;
}

export function useKernel(...kernels: string[]): KernelAdvice {
  return { remedy: { code: 'use-kernel', kernels }, advice: `use kernel ${kernels.join(' or ')}` };
}

export function shrinkTable(...kernels: string[]): KernelAdvice {
  const others = kernels.map((kernel) => ` or use kernel ${kernel}`);
  return { remedy: { code: 'shrink-table', kernels }, advice: `quantise the table${others.join('')}` };
}

export function installPackage(packageName: string): KernelAdvice {
  return { remedy: { code: 'install-package', packageName }, advice: `npm install ${packageName}` };
}

export function setRuntimeThreads(threads: number): KernelAdvice {
  return {
    remedy: { code: 'set-runtime-threads', threads },
    advice: `set env.wasm.numThreads to ${threads}`,
  };
}

export function renameKernel(): KernelAdvice {
  return { remedy: { code: 'rename-kernel' }, advice: 'give your kernel another name' };
}
