import { guardedRoute } from '#lib/auth/index.ts';
import { listBrands } from '#lib/orders/index.ts';

/** The brands that orders can be filtered by. */
export const GET = guardedRoute('viewer', async ({ db }) => Response.json({ brands: await listBrands(db) }));
