import { guardedRoute } from '#lib/auth/guarded-route.ts';
import { listBrands } from '#lib/orders/list-brands.ts';

/** The brands that orders can be filtered by. */
export const GET = guardedRoute('viewer', async ({ db }) => Response.json({ brands: await listBrands(db) }));
