/**
 * What the caller can do about an error, as data: a program renders it in its own words. `message` of a `DistillError`
 * ends with this package's wording, which names its options.
 */
export type DistillRemedy =
  /** An optional package is missing. */
  | { readonly code: 'install-package'; readonly packageName: string }
  /** The source must be a sentence transformer: a folder, or its id on the Hub. */
  | { readonly code: 'use-sentence-transformer' }
  /** The model generates text; a teacher is an encoder. */
  | { readonly code: 'use-encoder' }
  /** Export the teacher to ONNX, which any encoder runs from, and load that folder. */
  | { readonly code: 'export-onnx'; readonly teacher: string }
  /** Save the teacher's fast tokenizer beside its weights. */
  | { readonly code: 'save-fast-tokenizer'; readonly teacher: string }
  /** Choose one of these values for an option. */
  | { readonly code: 'choose-option'; readonly option: TeacherOption; readonly values: readonly string[] }
  /** Pass at least this many texts, or fewer dimensions. */
  | { readonly code: 'add-texts'; readonly atLeast: number }
  /** Pass fewer texts, or fewer dimensions. */
  | { readonly code: 'reduce-texts' }
  /** Choose a pattern that keeps some tokens. */
  | { readonly code: 'change-pattern' }
  /** Free space, or keep the vectors in another folder. */
  | { readonly code: 'use-other-cache'; readonly isFull: boolean };

/** Options whose values depend on the teacher. */
export type TeacherOption = 'pooling' | 'prompt';

/** Words a remedy in terms of this package's API. */
export function apiWords(remedy: DistillRemedy): string {
  switch (remedy.code) {
    case 'install-package':
      return `run npm install ${remedy.packageName}`;
    case 'use-sentence-transformer':
      return 'pass the folder of a sentence transformer, or its Hub id such as "sentence-transformers/all-MiniLM-L6-v2"';
    case 'use-encoder':
      return 'pass a sentence transformer, which encodes text';
    case 'export-onnx':
      return `export it with \`optimum-cli export onnx --model ${remedy.teacher} --task feature-extraction FOLDER\`, and pass that folder`;
    case 'save-fast-tokenizer':
      return `save it in Python: AutoTokenizer.from_pretrained(${JSON.stringify(remedy.teacher)}).save_pretrained(FOLDER)`;
    case 'choose-option':
      return remedy.values.length === 0
        ? `leave ${remedy.option} out`
        : `pass ${remedy.option}: ${remedy.values.map((value) => `'${value}'`).join(' or ')}`;
    case 'add-texts':
      return `pass at least ${remedy.atLeast} texts, better 20,000, or a smaller dimensionality`;
    case 'reduce-texts':
      return 'pass fewer texts, or a smaller dimensionality';
    case 'change-pattern':
      return 'pass another tokenRemovePattern';
    case 'use-other-cache':
      return remedy.isFull
        ? 'free some space, or pass another cacheDir; vectors that were written are kept'
        : 'check the folder, or pass another cacheDir';
  }
}
