import { authHandler } from '#lib/auth/auth-handler.ts';
export const GET = (request: Request) => authHandler(request);
export const POST = (request: Request) => authHandler(request);
