import { ByteWriter, type ColumnSource, ParquetWriter } from 'hyparquet-writer';
import type { CollectionField, ScalarType } from '../collection/collection-schema.js';
import { type CheckedRow, columnValues, type TextLayout } from '../ingest/text-row.js';
import { DYNAMIC_FIELD } from '../wire/field-data.js';
import { jsonText } from '../wire/json-value.js';
import { sentFields } from '../wire/mutation-request.js';
import type { VectorType } from '../wire/vector-type.js';
import type { BulkFile } from './bulk-file.js';
import type { OutputFile, WrittenFile } from './output-file.js';
import { vectorElements, writeVectorColumn } from './vector-column.js';

type SchemaElement = ParquetWriter['schema'][number];

/** Columns of each scalar type, as Milvus' import expects them; JSON is text. */
const SCALARS: Readonly<Record<Exclude<ScalarType, 'array'>, Omit<SchemaElement, 'name'>>> = {
  bool: { type: 'BOOLEAN' },
  int8: { type: 'INT32', converted_type: 'INT_8' },
  int16: { type: 'INT32', converted_type: 'INT_16' },
  int32: { type: 'INT32' },
  int64: { type: 'INT64' },
  float: { type: 'FLOAT' },
  double: { type: 'DOUBLE' },
  varchar: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  json: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
};

/**
 * A Parquet file with one column per field, written in row groups. One group is encoded while the previous one is
 * written; only these two are in memory.
 */
export class ParquetFile implements BulkFile {
  readonly #output: OutputFile;
  readonly #layout: TextLayout;
  readonly #scalars: readonly CollectionField[];
  readonly #vectors: readonly CollectionField[];
  readonly #writer = new ByteWriter();
  readonly #parquet: ParquetWriter;
  #writing: Promise<void> = Promise.resolve();
  rows = 0;

  constructor(output: OutputFile, layout: TextLayout) {
    this.#output = output;
    this.#layout = layout;
    const fields = sentFields(layout.schema);
    this.#scalars = fields.filter((field) => field.kind === 'scalar');
    // Written after the scalar columns, so that they can be added to the library's row groups.
    this.#vectors = fields.filter((field) => field.kind === 'vector');
    this.#parquet = new ParquetWriter({
      writer: this.#writer,
      schema: fileSchema(this.#scalars, this.#vectors, layout.schema.dynamic),
    });
  }

  get bytes(): number {
    return this.#writer.offset;
  }

  async write(rows: readonly CheckedRow[], vectors: readonly Float32Array[]): Promise<void> {
    if (rows.length === 0) return;
    const columnData = this.#scalars.map((field) =>
      column(field.name, parquetValues(field, columnValues(this.#layout, field, rows, vectors))),
    );
    if (this.#layout.schema.dynamic) {
      columnData.push(
        column(
          DYNAMIC_FIELD,
          rows.map((row) => row.dynamic),
        ),
      );
    }
    await this.#parquet.write({ columnData, rowGroupSize: rows.length });
    const group = this.#parquet.row_groups.at(-1)!;
    for (const field of this.#vectors) {
      const start = this.#writer.offset;
      const values = columnValues(this.#layout, field, rows, vectors) as readonly Float32Array[];
      const shape = { name: field.name, type: field.type as VectorType, dim: values[0]!.length };
      group.columns.push(writeVectorColumn(this.#writer, shape, values));
      group.total_byte_size += BigInt(this.#writer.offset - start);
    }
    this.rows += rows.length;
    await this.#flush();
  }

  async finish(): Promise<WrittenFile> {
    await this.#parquet.finish();
    await this.#flush();
    await this.#writing;
    return await this.#output.finish();
  }

  /** Starts writing the encoded group, once the previous one is written. */
  async #flush(): Promise<void> {
    // The next group is encoded into the same buffer, so this one is copied.
    const bytes = this.#writer.getBytes().slice();
    this.#writer.index = 0;
    await this.#writing;
    this.#writing = this.#output.write(bytes);
    // The next wait reports a failure; without this handler it would end the process first.
    this.#writing.catch(() => {});
  }
}

function fileSchema(
  scalars: readonly CollectionField[],
  vectors: readonly CollectionField[],
  dynamic: boolean,
): SchemaElement[] {
  const columns = [
    ...scalars.map(scalarElements),
    ...(dynamic ? [[{ name: DYNAMIC_FIELD, repetition_type: 'REQUIRED', ...SCALARS.json } as const]] : []),
    ...vectors.map((field) => vectorElements(field.name, field.type as VectorType)),
  ];
  return [{ name: 'root', num_children: columns.length }, ...columns.flat()];
}

function scalarElements(field: CollectionField): SchemaElement[] {
  const repetition_type = field.nullable ? 'OPTIONAL' : 'REQUIRED';
  if (field.type !== 'array') {
    return [{ name: field.name, repetition_type, ...SCALARS[field.type as Exclude<ScalarType, 'array'>] }];
  }
  const element = SCALARS[(field.elementType ?? 'varchar') as Exclude<ScalarType, 'array'>];
  return [
    { name: field.name, repetition_type, num_children: 1, converted_type: 'LIST' },
    { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
    { name: 'element', repetition_type: 'REQUIRED', ...element },
  ];
}

function column(name: string, data: unknown[]): ColumnSource {
  // Milvus reads whole columns, so page offsets would only take space.
  return { name, data, offsetIndex: false };
}

/** Converts values to the writer's types. */
function parquetValues(field: CollectionField, values: readonly unknown[]): unknown[] {
  const convert = converter(field.type === 'array' ? (field.elementType ?? 'varchar') : field.type);
  if (convert === undefined) return [...values];
  return values.map((value) => {
    if (value === undefined || value === null) return value;
    return field.type === 'array' ? (value as unknown[]).map(convert) : convert(value);
  });
}

function converter(type: CollectionField['type']): ((value: unknown) => unknown) | undefined {
  if (type === 'int64') return (value) => BigInt(value as number | bigint);
  if (type === 'int8' || type === 'int16' || type === 'int32') return Number;
  return type === 'json' ? (value) => jsonText(value).text : undefined;
}
