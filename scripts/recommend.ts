import { verbs } from './recommend/verbs.ts';

const [, , name = ''] = process.argv;
await (Object.hasOwn(verbs, name) ? verbs[name]?.run() : import('./recommend/run.ts'));
