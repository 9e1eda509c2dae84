import { Model2VecEmbeddingFunction } from '@model2vec-ts/embedding-function';
import { minilmL6 } from '@model2vec-ts/model-minilm-l6';
import { onnxNodeKernel } from '@model2vec-ts/pooling-kernels/onnx-node';
import { onnxWebKernel } from '@model2vec-ts/pooling-kernels/onnx-web';
import { expect, it } from 'vitest';

// ONNX Runtime is not installed here: it is an optional peer dependency of the kernels that use it.
it.each([
  ['onnx-node', 'onnxruntime-node', onnxNodeKernel()],
  ['onnx-web', 'onnxruntime-web', onnxWebKernel()],
] as const)('kernel %s names the missing package %s', async (_, packageName, kernel) => {
  const table = { dtype: 'float32', rows: 1, dim: 1, data: Float32Array.of(1) } as const;
  await expect(kernel.load(table)).rejects.toMatchObject({
    code: 'unavailable-kernel',
    remedy: { code: 'install-package', packageName },
    message: expect.stringContaining(`npm install ${packageName}`),
  });
});

it('the embedding function names it, too', async () => {
  const options = { modelSource: minilmL6, kernel: 'onnx-node' } as const;
  await expect(Model2VecEmbeddingFunction.create(options)).rejects.toMatchObject({
    code: 'unavailable-kernel',
    message: expect.stringContaining('npm install onnxruntime-node'),
  });
});
