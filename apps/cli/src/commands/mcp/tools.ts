import type { CallToolResult, McpServer } from '@modelcontextprotocol/server';
import { z } from 'zod';
import type { PassageSource, SourceHit } from './passage-source.js';

/** Default and limit of hits: an agent reads all of them. */
const DEFAULT_LIMIT = 8;
const LARGEST_LIMIT = 50;
/** Default and limit of the lines that `read` returns. */
const DEFAULT_LINES = 80;
const LARGEST_LINES = 400;

/** Registers the tools of a source that may still be opening. */
export function registerTools(server: McpServer, opening: Promise<PassageSource>, isFolder: boolean): void {
  const readOnly = { readOnlyHint: true, openWorldHint: false };
  const what = isFolder ? 'the files of this project' : 'the collection';
  const place = isFolder ? 'path:line, as search prints it' : 'id of a row, as search prints it';
  const limit = z
    .number()
    .int()
    .min(1)
    .max(LARGEST_LIMIT)
    .default(DEFAULT_LIMIT)
    .describe('largest number of passages');

  server.registerTool(
    'search',
    {
      title: 'Search',
      description: `Searches ${what} for passages that answer a question, by meaning and by full text. Ask in plain words; several short questions find more than a long one.`,
      inputSchema: z.object({
        question: z.string().min(1).describe('what you are looking for'),
        limit,
        mode: z
          .enum(['hybrid', 'dense', 'fullText'])
          .optional()
          .describe('dense: by meaning; fullText: by words, for exact names; hybrid: both (default)'),
        filter: z
          .string()
          .optional()
          .describe(
            isFolder ? 'filter, such as path like "src/%"' : 'filter over fields, such as year > 1990',
          ),
      }),
      annotations: readOnly,
    },
    async ({ question, limit: most, mode, filter }) =>
      await answered(async () => {
        const source = await opening;
        const options = { limit: most, ...(mode && { mode }), ...(filter && { filter }) };
        return listed(await source.search(question, options), source);
      }),
  );

  server.registerTool(
    'read',
    {
      title: 'Read',
      description: isFolder
        ? 'Reads the lines of a file around a place.'
        : 'Reads a row with all of its fields.',
      inputSchema: z.object({
        place: z.string().min(1).describe(place),
        lines: z.number().int().min(1).max(LARGEST_LINES).default(DEFAULT_LINES).describe('lines to read'),
      }),
      annotations: readOnly,
    },
    async ({ place: wanted, lines }) =>
      await answered(async () => {
        const text = await (await opening).read(wanted, lines);
        if (text === undefined) throw new RangeError(`nothing at ${wanted}; take a place from search`);
        return text;
      }),
  );

  server.registerTool(
    'find_similar',
    {
      title: 'Find similar',
      description: `Finds passages of ${what} that are similar in meaning to a text, or to the passage at a place. Pass one of the two.`,
      inputSchema: z.object({
        text: z.string().optional().describe('a text to compare with'),
        place: z.string().optional().describe(place),
        limit,
      }),
      annotations: readOnly,
    },
    async ({ text, place: wanted, limit: most }) =>
      await answered(async () => {
        if ((text === undefined) === (wanted === undefined))
          throw new RangeError('pass either text or place');
        const source = await opening;
        const to = text === undefined ? { place: wanted! } : { text };
        return listed(await source.similar(to, most), source);
      }),
  );
}

/** Errors are answers too, so that the agent can act on them. */
async function answered(work: () => Promise<string>): Promise<CallToolResult> {
  try {
    return { content: [{ type: 'text', text: await work() }] };
  } catch (error) {
    return {
      isError: true,
      content: [{ type: 'text', text: error instanceof Error ? error.message : String(error) }],
    };
  }
}

function listed(hits: readonly SourceHit[], { title }: PassageSource): string {
  if (hits.length === 0) return `nothing found in ${title}`;
  return hits
    .map(({ place, score, text }, i) => `${i + 1}. ${place} (${score.toFixed(4)})\n${text}`)
    .join('\n\n');
}
