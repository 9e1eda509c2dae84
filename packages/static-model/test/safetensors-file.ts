/** A tensor to write: its dtype, shape and bytes. */
export interface TensorToWrite {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data: ArrayBufferView;
}

/** A safetensors file with its tensors in the order given; `pad` shifts the data, to try every alignment. */
export function safetensorsFile(tensors: Readonly<Record<string, TensorToWrite>>, pad = 0): Uint8Array {
  const header: Record<string, unknown> = {};
  let end = 0;
  for (const [name, { dtype, shape, data }] of Object.entries(tensors)) {
    header[name] = { dtype, shape, data_offsets: [end, end + data.byteLength] };
    end += data.byteLength;
  }
  const text = JSON.stringify(header);
  const padded = text.padEnd(Math.ceil(text.length / 8) * 8 + pad);
  const bytes = new Uint8Array(8 + padded.length + end);
  new DataView(bytes.buffer).setUint32(0, padded.length, true);
  new TextEncoder().encodeInto(padded, bytes.subarray(8));
  let at = 8 + padded.length;
  for (const { data } of Object.values(tensors)) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return bytes;
}

/** A safetensors file with any header. */
export function fileWithHeader(header: string, data: Uint8Array): Uint8Array {
  const text = new TextEncoder().encode(header);
  const file = new Uint8Array(8 + text.length + data.length);
  new DataView(file.buffer).setUint32(0, text.length, true);
  file.set(text, 8);
  file.set(data, 8 + text.length);
  return file;
}
