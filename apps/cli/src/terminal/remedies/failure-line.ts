import { CliError } from '../cli-error.js';
import { cliRemedyWords } from './cli-remedy.js';
import { distillRemedyWords } from './distill-remedy.js';
import { embeddingFunctionRemedyWords } from './embedding-function-remedy.js';
import { kernelRemedyWords } from './kernel-remedy.js';
import { milvusRemedyWords } from './milvus-remedy.js';
import { modelRemedyWords } from './model-remedy.js';
import { tokenizerRemedyWords } from './tokenizer-remedy.js';

/** Returns the words of the command line for the remedy of an error of one library. */
type Renderer = (error: Error) => Promise<string | undefined>;

/**
 * A renderer for each library. A library is imported only for an error with a remedy, and the largest one last: the
 * library that threw is loaded already.
 */
const RENDERERS: readonly Renderer[] = [
  async (error) => {
    const { TokenizerError } = await import('@model2vec-ts/tokenizer');
    return TokenizerError.isInstance(error) && error.remedy ? tokenizerRemedyWords(error.remedy) : undefined;
  },
  async (error) => {
    const { ModelError } = await import('@model2vec-ts/static-model');
    return ModelError.isInstance(error) && error.remedy ? modelRemedyWords(error.remedy) : undefined;
  },
  async (error) => {
    const { KernelError } = await import('@model2vec-ts/pooling-kernels');
    return KernelError.isInstance(error) && error.remedy ? kernelRemedyWords(error.remedy) : undefined;
  },
  async (error) => {
    const { EmbeddingFunctionError } = await import('@model2vec-ts/embedding-function');
    return EmbeddingFunctionError.isInstance(error) && error.remedy
      ? embeddingFunctionRemedyWords(error.remedy)
      : undefined;
  },
  async (error) => {
    const { DistillError } = await import('@model2vec-ts/distill');
    return DistillError.isInstance(error) && error.remedy ? distillRemedyWords(error.remedy) : undefined;
  },
  async (error) => {
    const { MilvusError } = await import('@model2vec-ts/milvus-adapter');
    return MilvusError.isInstance(error) && error.remedy ? milvusRemedyWords(error.remedy) : undefined;
  },
];

/**
 * Returns the line that an error prints: its summary and its remedy in the words of the command line. Without a remedy
 * of its own it ends with the remedy of its cause.
 */
export async function failureLine(error: Error): Promise<string> {
  return (await rendered(error)).line;
}

interface Rendered {
  readonly line: string;
  /** The words of the remedy; `undefined` if neither the error nor its causes have one. */
  readonly words: string | undefined;
}

async function rendered(error: Error): Promise<Rendered> {
  const own = await remedyWords(error);
  const hasRemedy = 'remedy' in error && error.remedy !== undefined;
  // A remedy that this version does not know stays in the words of its library.
  const summary = hasRemedy && own === undefined ? error.message : summaryOf(error);
  if (!(error.cause instanceof Error)) {
    return { line: own === undefined ? summary : `${summary}; ${own}`, words: own };
  }
  const cause = await rendered(error.cause);
  const words = own ?? cause.words;
  if (summary.includes(error.cause.message)) {
    // The error quotes its cause, so the remedy of the cause follows the quotation.
    const line = summary.replace(error.cause.message, () => cause.line);
    return { line: own === undefined ? line : `${line}; ${own}`, words };
  }
  return { line: words === undefined ? summary : `${summary}; ${words}`, words };
}

async function remedyWords(error: Error): Promise<string | undefined> {
  if (error instanceof CliError) return error.remedy && cliRemedyWords(error.remedy);
  if (!('remedy' in error) || error.remedy === undefined) return undefined;
  for (const render of RENDERERS) {
    const words = await render(error);
    if (words !== undefined) return words;
  }
  return undefined;
}

function summaryOf(error: Error): string {
  return 'summary' in error && typeof error.summary === 'string' ? error.summary : error.message;
}
