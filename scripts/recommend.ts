import { runVerbOr } from './cli/verbs.ts';
import { verbs } from './recommend/verbs.ts';

await runVerbOr(verbs, () => import('./recommend/run.ts'));
