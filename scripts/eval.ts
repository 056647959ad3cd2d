const verb = process.argv[2];
await (verb === 'compare' ? import('#verification/eval/compare.ts') : import('#verification/eval/run.ts'));

export {};
