import { type Finding, fail, ok } from './finding.ts';

/** TypeScript runs directly from here on. */
const FLOOR = [22, 18] as const;

/** Whether this Node is new enough. */
export function checkNode(version = process.versions.node): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const enough = major > FLOOR[0] || (major === FLOOR[0] && minor >= FLOOR[1]);
  if (enough) return ok('Node', version);
  return fail('Node', `${version} is too old: install ${FLOOR.join('.')} or later, or start through npm.`);
}
