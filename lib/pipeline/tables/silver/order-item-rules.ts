import type { Expectation } from '../dataset/dataset.ts';
import { countFirsts } from './silver-orders.ts';

/** Every order that a batch created has lines, from its first on: what bronze took is in silver, or the batch is not. */
const createdHaveLines: Expectation = {
  name: 'created_orders_have_lines',
  action: 'fail',
  sql: `
    select lines.orders as passed, created.orders - lines.orders as failed
    from (select count(*) as orders from pg_temp.added_order_items where line_no = 1) as lines,
      (select count(*) as orders from pg_temp.changed_orders where newly_created) as created`,
};

/** A brand that no dimension knows is taken all the same; without dimensions there is nothing to compare with. */
const knownBrand: Expectation = {
  name: 'known_brand',
  action: 'warn',
  sql: `
    select
      coalesce(sum(lines) filter (where known), 0) as passed,
      coalesce(sum(lines) filter (where not known), 0) as failed
    from (
      select
        lines,
        brand_id is null
          or not exists (select from simulator.brands)
          or exists (select from simulator.brands as brand where brand.brand_id = item.brand_id) as known
      from (
        select brand_id, count(*) as lines from pg_temp.added_order_items group by brand_id
      ) as item
    ) as judged`,
};

/** A price that differs from the menu's is taken all the same: the event says what was paid. */
const cataloguePrice: Expectation = {
  name: 'catalogue_price',
  action: 'warn',
  sql: `
    select
      coalesce(sum(lines) filter (where same), 0) as passed,
      coalesce(sum(lines) filter (where not same), 0) as failed
    from (
      select
        lines,
        not exists (
          select from simulator.items as menu where menu.id = item.item_id and menu.price <> item.price
        ) as same
      from (
        select item_id, price, count(*) as lines from pg_temp.added_order_items group by item_id, price
      ) as item
    ) as judged`,
};

export const orderItemRules: readonly Expectation[] = [
  createdHaveLines,
  { name: 'one_created_per_order', action: 'warn', sql: countFirsts('creations', 'newly_created') },
  knownBrand,
  cataloguePrice,
];
