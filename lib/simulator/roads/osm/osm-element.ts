/** The tags of an OpenStreetMap element. */
export type Tags = Record<string, string>;

/** Where an extract gives them: the version of an element, and whether that version deletes it. */
type State = { version?: number | undefined; deleted?: boolean };

/** The elements of an extract that roads need; relations are skipped. A deleted node may be without its position. */
export type OsmElement = State &
  (
    | { type: 'node'; id: number; lat: number; lon: number; tags?: Tags | undefined }
    | { type: 'way'; id: number; refs: number[]; tags?: Tags | undefined }
  );
