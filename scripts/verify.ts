// The same as `npm test`, so that people and CI run the same checks.
import './test.ts';
