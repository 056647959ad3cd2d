import { flow } from '../tables/flow.ts';

/** A table of the flow, or what stands before it (`source`), and what it is made from. */
export type LineageNode = {
  name: string;
  layer: 'source' | 'bronze' | 'silver' | 'gold';
  grain: string | null;
  inputs: readonly string[];
  key: readonly string[];
  partitionedBy: string | null;
  window: string | null;
  expectations: readonly { name: string; action: string }[];
};

const source = {
  layer: 'source',
  grain: null,
  inputs: [],
  key: [],
  partitionedBy: null,
  window: null,
} as const;

/** The lineage of the lakehouse as declared: sources first, every table after what it is made from. */
export function listLineage(): LineageNode[] {
  const tables = new Set(flow.map(({ name }) => name));
  const sources = new Set(flow.flatMap(({ inputs }) => inputs).filter((input) => !tables.has(input)));
  return [
    ...[...sources].map((name) => ({ ...source, name, expectations: [] })),
    ...flow.map(({ name, layer, grain, inputs, key, partitionedBy, window, expectations }) => ({
      ...{ name, layer, grain, inputs, key, partitionedBy, window },
      expectations: expectations.map(({ name, action }) => ({ name, action })),
    })),
  ];
}
