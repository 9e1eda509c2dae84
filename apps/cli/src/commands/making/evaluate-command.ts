import type { Command } from 'commander';
import { addCommonFlags, addPlaceFlags } from '../../flags/model-flags.js';
import type { EvaluateFlags } from './evaluate-flags.js';
import { addTeacherFlags } from './making-flags.js';

/** Adds `m2v evaluate`. */
export function addEvaluateCommand(program: Command): void {
  const command = program
    .command('evaluate')
    .summary('measure models')
    .description(
      `Measures models side by side, each figure with its 95 % confidence interval by bootstrap. At least one of the three:

  --retention  how much of a teacher's ranking a model keeps: JSON of corpus, queries and top10, gzipped or not
  --pairs      Spearman's correlation with scores of pairs: CSV, TSV or JSON Lines of sentence1, sentence2, score
  --retrieval  nDCG@10, recall and MRR: a folder in BEIR's layout (corpus.jsonl, queries.jsonl, qrels/test.tsv)`,
    )
    .argument('<models...>', "folders, URLs or Hub ids of models; 'bundled' for the bundled one")
    .option('--retention <files...>', 'retention sets')
    .option('--pairs <files...>', 'files of scored pairs')
    .option('--retrieval <folders...>', 'folders of retrieval sets')
    .option('--teacher <source>', 'folder or Hub id of a sentence transformer to measure as well')
    .option('--json', 'print JSON');
  addTeacherFlags(command);
  addCommonFlags(addPlaceFlags(command))
    .addHelpText(
      'after',
      `
Examples:
  $ m2v evaluate bundled ./my-model --retention retention.json.gz
  $ m2v evaluate ./my-model --pairs sts.csv --retrieval scifact --json`,
    )
    .action(async (models: string[], flags: EvaluateFlags) => {
      await (await import('./evaluating.js')).evaluateModels(models, flags);
    });
}
