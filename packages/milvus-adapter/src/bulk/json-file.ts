import type { CollectionField } from '../collection/collection-schema.js';
import { type CheckedRow, columnValues, type TextLayout } from '../ingest/text-row.js';
import { DYNAMIC_FIELD } from '../wire/field-data.js';
import { jsonText } from '../wire/json-value.js';
import { sentFields } from '../wire/mutation-request.js';
import { writeVectors } from '../wire/vector-bytes.js';
import { VECTOR_TYPES, type VectorType } from '../wire/vector-type.js';
import type { BulkFile } from './bulk-file.js';
import type { OutputFile, WrittenFile } from './output-file.js';

/** The file `{"rows": [{field: value, …}, …]}`, as Milvus imports it, with one row per line. */
export class JsonFile implements BulkFile {
  readonly #output: OutputFile;
  readonly #layout: TextLayout;
  readonly #fields: readonly CollectionField[];
  rows = 0;

  constructor(output: OutputFile, layout: TextLayout) {
    this.#output = output;
    this.#layout = layout;
    this.#fields = sentFields(layout.schema);
  }

  get bytes(): number {
    return this.#output.bytes;
  }

  async write(rows: readonly CheckedRow[], vectors: readonly Float32Array[]): Promise<void> {
    const columns = this.#fields.map((field) => ({
      name: JSON.stringify(field.name),
      field,
      values: columnValues(this.#layout, field, rows, vectors),
    }));
    let text = '';
    for (const [i, row] of rows.entries()) {
      const cells: string[] = [];
      for (const { name, field, values } of columns) {
        const value = values[i];
        if (value !== undefined && value !== null) cells.push(`${name}:${cellText(field, value)}`);
      }
      if (this.#layout.schema.dynamic) cells.push(`"${DYNAMIC_FIELD}":${row.dynamic}`);
      text += `${this.rows++ === 0 ? '{"rows":[\n' : ',\n'}{${cells.join(',')}}`;
    }
    await this.#output.write(Buffer.from(text));
  }

  async finish(): Promise<WrittenFile> {
    await this.#output.write(Buffer.from(this.rows === 0 ? '{"rows":[]}\n' : '\n]}\n'));
    return await this.#output.finish();
  }
}

function cellText(field: CollectionField, value: unknown): string {
  if (field.kind === 'vector') return vectorText(field.type as VectorType, value as Float32Array);
  if (Array.isArray(value) && field.type === 'array') {
    return jsonText(value).text;
  }
  return jsonText(value).text;
}

function vectorText(type: VectorType, vector: Float32Array): string {
  if (type === 'int8' || type === 'binary') {
    const bytes = new Uint8Array(VECTOR_TYPES[type].byteLength(vector.length));
    writeVectors(type, [vector], vector.length, bytes, 0);
    return `[${(type === 'int8' ? new Int8Array(bytes.buffer) : bytes).join(',')}]`;
  }
  const numbers: string[] = [];
  // Nine digits distinguish every float32 from its neighbours.
  for (const value of vector)
    numbers.push(Object.is(value, -0) ? '-0' : String(Number(value.toPrecision(9))));
  return `[${numbers.join(',')}]`;
}
