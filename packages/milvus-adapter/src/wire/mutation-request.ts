import type { CollectionField, CollectionSchema } from '../collection/collection-schema.js';
import { type PackedMessage, packColumn, packDynamicColumn } from './field-data.js';
import { lengthDelimitedSize, numberFieldSize, ProtobufWriter, stringFieldSize } from './protobuf-writer.js';

/** Rows of a request, column by column. */
export interface MutationRows {
  readonly collection: string;
  readonly schema: CollectionSchema;
  readonly count: number;
  /** The values of a field, checked, one for each row. */
  values(field: CollectionField): readonly unknown[];
  /** The undeclared fields of each row as the JSON text of an object; used for dynamic collections. */
  dynamic(): readonly string[];
}

/**
 * Rows as the bytes of `milvus.InsertRequest` or `milvus.UpsertRequest`, which are equal in all fields used here: {
 * collection_name 3, fields_data 5, num_rows 7 } of milvus.proto as the SDK ships it
 * (dist/milvus/proto-json/milvus.base.js). The database is in the call's metadata, as with the SDK.
 */
export function packMutation(rows: MutationRows): Buffer {
  const columns: PackedMessage[] = sentFields(rows.schema).map((field) =>
    packColumn(field, rows.values(field)),
  );
  if (rows.schema.dynamic) columns.push(packDynamicColumn(rows.dynamic()));
  let size = stringFieldSize(3, rows.collection) + numberFieldSize(7, rows.count);
  for (const column of columns) size += lengthDelimitedSize(5, column.size);
  const writer = new ProtobufWriter(size);
  writer.stringField(3, rows.collection);
  for (const column of columns) {
    writer.lengthPrefix(5, column.size);
    column.write(writer);
  }
  writer.numberField(7, rows.count);
  return writer.bytes;
}

/** The fields of a schema that a client fills. */
export function sentFields(schema: CollectionSchema): readonly CollectionField[] {
  return schema.fields.filter((field) => !field.isFunctionOutput && !field.autoId && field.kind !== 'other');
}
