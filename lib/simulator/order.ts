import type { BasketItem } from './basket.ts';
import type { Route } from './roads/route.ts';

/** One order with all that will happen to it. Instants are whole epoch ms. */
export type Order = {
  orderId: string;
  createdAt: number;
  startedAt: number;
  finishedAt: number;
  readyAt: number;
  arrivedAt: number;
  pickedUpAt: number;
  deliveredAt: number;
  items: BasketItem[];
  address: string;
  route: Route;
};

/** Where orders come from: what all events of a location share. */
export type Origin = { gkId: string; location: string; locationId: number; pingMs: number };
