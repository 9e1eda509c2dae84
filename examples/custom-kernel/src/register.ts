import { registerKernel } from '@model2vec-ts/pooling-kernels';
import { maxKernel } from './max-kernel.js';

declare module '@model2vec-ts/pooling-kernels' {
  interface RegisteredKernels {
    max: true;
  }
}

registerKernel(maxKernel);
