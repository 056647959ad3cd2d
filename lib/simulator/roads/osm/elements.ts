/** The tags of an OpenStreetMap element. */
export type Tags = Record<string, string>;

/** What an extract holds, as far as roads need it; relations are passed over. */
export type OsmElement =
  | { type: 'node'; id: number; lat: number; lon: number; tags?: Tags | undefined }
  | { type: 'way'; id: number; refs: number[]; tags?: Tags | undefined };

/** An extract that can be gone through again and again; it throws where it turns out to be broken. */
export type Extract = { read(): AsyncIterable<OsmElement[]> };
