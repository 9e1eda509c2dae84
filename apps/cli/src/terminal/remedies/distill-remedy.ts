import type { DistillRemedy } from '@model2vec-ts/distill';

/** Renders a remedy of making models with flags. */
export function distillRemedyWords(remedy: DistillRemedy): string {
  switch (remedy.code) {
    case 'install-package':
      return `run npm install ${remedy.packageName} (with --global if m2v is installed globally)`;
    case 'use-sentence-transformer':
      return 'name the folder of a sentence transformer, or its Hub id such as sentence-transformers/all-MiniLM-L6-v2';
    case 'use-encoder':
      return 'name a sentence transformer, which encodes text';
    case 'export-onnx':
      return `run optimum-cli export onnx --model ${remedy.teacher} --task feature-extraction FOLDER, and name that folder`;
    case 'save-fast-tokenizer':
      return `save it in Python: AutoTokenizer.from_pretrained(${JSON.stringify(remedy.teacher)}).save_pretrained(FOLDER)`;
    case 'choose-option':
      return remedy.values.length === 0
        ? `leave --${remedy.option} out`
        : `pass --${remedy.option} ${remedy.values.join(' or ')}`;
    case 'add-texts':
      return `name files with at least ${remedy.atLeast} texts, better 20,000, or pass a smaller --dimensionality`;
    case 'reduce-texts':
      return 'name fewer texts, or pass a smaller --dimensionality';
    case 'change-pattern':
      return 'use a teacher with other tokens';
    case 'use-other-cache':
      return remedy.isFull
        ? 'free some space, or pass another --cache-dir; vectors that were written are kept'
        : 'check the folder, or pass another --cache-dir';
  }
}
