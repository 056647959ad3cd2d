import { allEvents, batchCountsTable } from './bronze/all-events.ts';
import type { Dataset } from './dataset/dataset.ts';
import { lateOrdersTable } from './dataset/late-orders.ts';
import { goldBrandSalesDay } from './gold/gold-brand-sales-day.ts';
import { goldDeliveryHistogramHourly } from './gold/gold-delivery-histogram-hourly.ts';
import { goldDeliveryPhasesHourly } from './gold/gold-delivery-phases-hourly.ts';
import { goldDeliveryTimesHourly } from './gold/gold-delivery-times-hourly.ts';
import { goldItemSalesDay } from './gold/gold-item-sales-day.ts';
import { goldLocationSalesHourly } from './gold/gold-location-sales-hourly.ts';
import { goldOrderHeader } from './gold/gold-order-header.ts';
import { batchPlacesTable } from './silver/batch-places.ts';
import {
  addedDeliveriesTable,
  removedDeliveriesTable,
  silverDeliveries,
} from './silver/silver-deliveries.ts';
import {
  addedDeliveryPhasesTable,
  removedDeliveryPhasesTable,
  silverDeliveryPhases,
} from './silver/silver-delivery-phases.ts';
import {
  addedOrderItemsTable,
  removedOrderItemsTable,
  silverOrderItems,
} from './silver/silver-order-items.ts';
import {
  batchOrdersTable,
  changedOrdersTable,
  restatedOrdersTable,
  silverOrders,
} from './silver/silver-orders.ts';

/** The tables of the lakehouse in the order in which a batch refreshes them: every table comes after its inputs. */
export const flow: readonly Dataset[] = [
  allEvents,
  silverOrders,
  silverOrderItems,
  silverDeliveries,
  silverDeliveryPhases,
  goldOrderHeader,
  goldItemSalesDay,
  goldBrandSalesDay,
  goldLocationSalesHourly,
  goldDeliveryTimesHourly,
  goldDeliveryHistogramHourly,
  goldDeliveryPhasesHourly,
];

/** Creates the temporary tables that carry a batch from one table to the next; they are empty after every commit. */
export const stagingTables: readonly string[] = [
  batchCountsTable,
  batchOrdersTable,
  changedOrdersTable,
  restatedOrdersTable,
  batchPlacesTable,
  addedOrderItemsTable,
  removedOrderItemsTable,
  addedDeliveriesTable,
  removedDeliveriesTable,
  addedDeliveryPhasesTable,
  removedDeliveryPhasesTable,
  lateOrdersTable,
];
