import { namedKernels, selectKernel } from '@model2vec-ts/pooling-kernels';

/** Facts about a kernel in the output of `m2v info --kernels --json`. */
interface KernelFacts {
  readonly name: string;
  /** Whether `auto` selects it here for a float32 table. */
  readonly chosen: boolean;
  /** Why it cannot run here; absent if it can. */
  readonly unavailable?: string;
  readonly dtypes: readonly string[];
  readonly synchronous: boolean;
  /** Most ids per batch; `null` for no limit. */
  readonly maxBatchTokens: number | null;
  /** Most bytes of a table; `null` for no limit. */
  readonly maxTableBytes: number | null;
}

/** Returns every named kernel and its capabilities. */
export function kernelFacts(): readonly KernelFacts[] {
  const chosen = selectKernel('auto', { dtype: 'float32' }).name;
  return namedKernels().map(({ name, capabilities }) => {
    const { dtypes, synchronous, maxBatchTokens, maxTableBytes, unavailable } = capabilities;
    return {
      name,
      chosen: name === chosen,
      ...(unavailable !== undefined && { unavailable }),
      dtypes,
      synchronous,
      maxBatchTokens: Number.isFinite(maxBatchTokens) ? maxBatchTokens : null,
      maxTableBytes: maxTableBytes ?? null,
    };
  });
}

/** Formats the facts for people. */
export function drawnKernels(kernels: readonly KernelFacts[], bold: (text: string) => string): string {
  const width = Math.max(...kernels.map(({ name }) => name.length));
  const lines = kernels.map(({ name, chosen, unavailable, dtypes, synchronous }) => {
    const state = unavailable ?? (chosen ? 'runs here; auto selects it' : 'runs here');
    const limits = `${dtypes.join(', ')}; ${synchronous ? 'synchronous' : 'asynchronous'}`;
    return `${bold(name.padEnd(width))}  ${state}\n${' '.repeat(width)}  ${limits}\n`;
  });
  return lines.join('');
}
