import { authHandler } from '#lib/auth/index.ts';

export const GET = (request: Request) => authHandler(request);
export const POST = (request: Request) => authHandler(request);
