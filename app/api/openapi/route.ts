import { guardedRoute } from '#lib/auth/index.ts';
import { openApi } from '#lib/contract/openapi.ts';

/** This API, described for programs. */
export const GET = guardedRoute('viewer', async () => Response.json(openApi()));
