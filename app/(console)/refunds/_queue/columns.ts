/** The columns of the queue, in order; narrow places leave the less telling ones out. */
export const columns = [
  { name: 'Order', className: 'w-full max-w-0 text-left' },
  { name: 'Location', className: 'hidden text-left @[860px]:table-cell' },
  { name: 'Delivered', className: 'hidden text-left @[860px]:table-cell' },
  { name: 'Took, vs P75', className: 'text-right' },
  { name: 'Order total', className: 'hidden text-right @[560px]:table-cell' },
  { name: 'Suggestion', className: 'text-right' },
  { name: 'Status', className: 'hidden text-left @[480px]:table-cell' },
] as const;

export type ColumnName = (typeof columns)[number]['name'];

/** The classes of a column's cells. */
export function columnClass(name: ColumnName): string {
  return columns.find((column) => column.name === name)?.className ?? '';
}
