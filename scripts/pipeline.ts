import { runVerbOr } from './cli/verbs.ts';
import { verbs } from './pipeline/verbs.ts';

await runVerbOr(verbs, () => import('./pipeline/run.ts'));
