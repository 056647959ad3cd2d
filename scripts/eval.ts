const verb = process.argv[2];
await (verb === 'compare' ? import('./eval/compare.ts') : import('./eval/run.ts'));

export {};
