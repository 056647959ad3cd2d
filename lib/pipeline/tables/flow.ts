import { allEvents, batchCountsTable } from './bronze/all-events.ts';
import type { Dataset } from './dataset/dataset.ts';
import { lateOrdersTable } from './dataset/late-orders.ts';
import { goldBrandSalesDay } from './gold/gold-brand-sales-day.ts';
import { goldDeliveryTimesHourly } from './gold/gold-delivery-times-hourly.ts';
import { goldItemSalesDay } from './gold/gold-item-sales-day.ts';
import { goldLocationSalesHourly } from './gold/gold-location-sales-hourly.ts';
import { goldOrderHeader } from './gold/gold-order-header.ts';
import { addedDeliveriesTable, silverDeliveries } from './silver/silver-deliveries.ts';
import { addedOrderItemsTable, silverOrderItems } from './silver/silver-order-items.ts';
import { batchOrdersTable, changedOrdersTable, silverOrders } from './silver/silver-orders.ts';

/** The tables of the lakehouse in the order in which a batch moves them on: a table stands after what it reads. */
export const flow: readonly Dataset[] = [
  allEvents,
  silverOrders,
  silverOrderItems,
  silverDeliveries,
  goldOrderHeader,
  goldItemSalesDay,
  goldBrandSalesDay,
  goldLocationSalesHourly,
  goldDeliveryTimesHourly,
];

/** The temporary tables through which a batch passes from one table to the next; empty after every commit. */
export const passageTables: readonly string[] = [
  batchCountsTable,
  batchOrdersTable,
  changedOrdersTable,
  addedOrderItemsTable,
  addedDeliveriesTable,
  lateOrdersTable,
];
