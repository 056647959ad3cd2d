import type { NextConfig } from 'next';
import { emptyPolicy } from './lib/content-security-policy.ts';
import { securityHeaders } from './lib/security-headers.ts';

const publicUrl = process.env.PUBLIC_URL;

const config: NextConfig = {
  poweredByHeader: false,
  typedRoutes: true,
  // `npm test` checks the types of everything; a build at `npm start` need not do it again.
  typescript: { ignoreBuildErrors: true },
  images: { unoptimized: true },
  serverExternalPackages: ['pg', 'pino'],
  experimental: {
    serverActions: {
      bodySizeLimit: '64kb',
      allowedOrigins: publicUrl ? [new URL(publicUrl).host] : [],
    },
  },
  headers: async () => [
    {
      source: '/:path*',
      headers: Object.entries(securityHeaders(publicUrl)).map(([key, value]) => ({ key, value })),
    },
    {
      // Pages get theirs with a nonce, in proxy.ts.
      source: '/(api|_next|healthz|readyz|icon.svg)/:path*',
      headers: [{ key: 'Content-Security-Policy', value: emptyPolicy }],
    },
  ],
};

export default config;
