/** The fields of a row without those by which `m2v index` follows files. */
export function shownFields(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !name.startsWith('m2v_')));
}
