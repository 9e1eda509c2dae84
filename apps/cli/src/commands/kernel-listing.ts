import { namedKernels, selectKernel } from '@model2vec-ts/pooling-kernels';

/** What `m2v info --kernels --json` prints of a kernel. */
interface KernelFacts {
  readonly name: string;
  /** Whether `auto` picks it here for a table of float32. */
  readonly chosen: boolean;
  /** Why it cannot run here; absent where it can. */
  readonly unavailable?: string;
  readonly dtypes: readonly string[];
  readonly synchronous: boolean;
  /** Most ids of one batch; `null` where there is no limit. */
  readonly maxBatchTokens: number | null;
  /** Most bytes of a table; `null` where there is no limit. */
  readonly maxTableBytes: number | null;
}

/** Every kernel that has a name here, and what it can do. */
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

/** The facts as lines for people. */
export function drawnKernels(kernels: readonly KernelFacts[], bold: (text: string) => string): string {
  const width = Math.max(...kernels.map(({ name }) => name.length));
  const lines = kernels.map(({ name, chosen, unavailable, dtypes, synchronous }) => {
    const state = unavailable ?? (chosen ? 'runs here; what auto picks' : 'runs here');
    const limits = `${dtypes.join(', ')}; ${synchronous ? 'at once' : 'by promise'}`;
    return `${bold(name.padEnd(width))}  ${state}\n${' '.repeat(width)}  ${limits}\n`;
  });
  return lines.join('');
}
