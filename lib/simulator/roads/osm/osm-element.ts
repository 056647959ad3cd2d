/** The tags of an OpenStreetMap element. */
export type Tags = Record<string, string>;

/** The elements of an extract that roads need; relations are skipped. */
export type OsmElement =
  | { type: 'node'; id: number; lat: number; lon: number; tags?: Tags | undefined }
  | { type: 'way'; id: number; refs: number[]; tags?: Tags | undefined };
