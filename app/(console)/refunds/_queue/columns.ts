/** The columns of the queue, in order, of fixed width so that nothing moves when rows come in; narrow places have fewer. */
export const columns = [
  { name: 'Order', className: 'text-left' },
  { name: 'Location', className: 'hidden w-36 text-left @[860px]:table-cell' },
  { name: 'Delivered', className: 'hidden w-28 text-left @[860px]:table-cell' },
  { name: 'Took, vs P75', className: 'w-26 text-right @[480px]:w-28' },
  { name: 'Order total', className: 'hidden w-24 text-right @[560px]:table-cell' },
  { name: 'Suggestion', className: 'w-25 text-right @[480px]:w-43' },
  { name: 'Status', className: 'hidden w-28 text-left @[480px]:table-cell' },
] as const;

export type ColumnName = (typeof columns)[number]['name'];

/** The classes of a column's cells. */
export function columnClass(name: ColumnName): string {
  return columns.find((column) => column.name === name)?.className ?? '';
}
