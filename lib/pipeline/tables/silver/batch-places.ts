/** Where the orders go that a batch creates; the parser fills it. */
export const batchPlacesTable = `
create temporary table if not exists batch_places (
  order_id text, event_id text, order_day date, latitude double precision, longitude double precision, address text
) on commit delete rows`;
