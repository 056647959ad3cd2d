import { verbs } from './pipeline/verbs.ts';

const [, , name = ''] = process.argv;
await (Object.hasOwn(verbs, name) ? verbs[name]?.run() : import('./pipeline/run.ts'));
