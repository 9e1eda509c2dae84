import { quantizeModel, type StaticModel } from '@model2vec-ts/static-model';

/** Returns the rows of a model by token, as float32: weights applied, one row per token. */
export async function tokenRows(model: StaticModel): Promise<Float32Array> {
  const { table } =
    model.table.dtype === 'float32' ? model : await quantizeModel(model, { dtype: 'float32' });
  const { mapping, weights, dim } = table;
  const data = table.data as Float32Array;
  if (mapping === undefined && weights === undefined) return data;
  const tokens = mapping?.length ?? table.rows;
  const rows = new Float32Array(tokens * dim);
  for (let token = 0; token < tokens; token++) {
    const from = (mapping?.[token] ?? token) * dim;
    const weight = weights?.[token] ?? 1;
    for (let column = 0; column < dim; column++) rows[token * dim + column] = data[from + column]! * weight;
  }
  return rows;
}
