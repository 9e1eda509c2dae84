import { type HubFile, type HubListing, isPathInside, parseHubFile } from './hub-listing.js';

/** The only version that the reference's client knows. */
const FORMAT_VERSION = 1;

/** A listing as Python's huggingface_hub keeps it. */
export function listingToJson(listing: HubListing): object {
  const files: Record<string, object> = {};
  for (const path of [...listing.keys()].sort()) {
    const { size, blobId, sha256, xetHash } = listing.get(path)!;
    files[path] = {
      size,
      blob_id: blobId,
      ...(sha256 !== undefined && { lfs_sha256: sha256, lfs_size: size }),
      ...(xetHash !== undefined && { xet_hash: xetHash }),
    };
  }
  return { format_version: FORMAT_VERSION, files };
}

/** Parses a cached listing; `undefined` if it has another version or is damaged and must be fetched again. */
export function listingFromJson(value: unknown): HubListing | undefined {
  const { format_version: version, files } = (value ?? {}) as Readonly<Record<string, unknown>>;
  if (version !== FORMAT_VERSION || typeof files !== 'object' || files === null) return undefined;
  const listing = new Map<string, HubFile>();
  for (const [path, entry] of Object.entries(files)) {
    const { size, blob_id, lfs_sha256, lfs_size, xet_hash } = (entry ?? {}) as Readonly<
      Record<string, unknown>
    >;
    const file = parseHubFile({
      size: lfs_sha256 === undefined ? size : lfs_size,
      blobId: blob_id,
      ...(lfs_sha256 !== undefined && { sha256: lfs_sha256 }),
      xetHash: xet_hash,
    });
    if (file === undefined || !isPathInside(path)) return undefined;
    listing.set(path, file);
  }
  return listing;
}
