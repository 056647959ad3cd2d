import { readFile } from 'node:fs/promises';
import { hostname, userInfo } from 'node:os';
import type { Command } from 'commander';
import { messageOf, OperatorError } from '#lib/errors.ts';
import {
  comparePolicies,
  describePolicy,
  draftPolicy,
  listPolicies,
  type PolicyDifference,
  parsePolicy,
  publishPolicy,
  type StoredPolicy,
} from '#lib/recommender/policy/index.ts';
import { defineCommand, runCommand, runProgram } from '../cli/command.ts';
import { runVerb, type Verbs } from '../cli/verbs.ts';

const verbs: Verbs = {
  list: { summary: 'lists every policy and says which one is active', run: list },
  show: { summary: 'shows the rules of one, in words and as JSON', run: show },
  validate: { summary: 'says whether a file is a valid policy; stores nothing', run: validate },
  diff: { summary: 'shows what a version changes', run: diff },
  draft: { summary: 'proposes a file or a version to a second person', run: draft },
  publish: { summary: 'makes the draft of another person the policy that scores from now on', run: publish },
};

const examples = [
  'list',
  'show v2',
  'validate data/policies/v2.json',
  'diff v2',
  `draft my-policy.json --by lead@caspers.local --note "Less for short delays"`,
  `publish mine --by admin@caspers.local --note "As agreed on Monday"`,
];
await runVerb('recommend policy', 'Lists, shows, checks, drafts and publishes policies.', verbs, examples);

function define(verb: string, description: string, examples: string[]): Command {
  return defineCommand(`recommend policy ${verb}`, description, examples);
}

function list(): Promise<never> {
  const program = define('list', 'Lists every policy, the newest first.', ['', '--json']);
  program.option('--json', 'one JSON object a line, with the rules');
  return runCommand<{ json?: true }>(program, async ({ options, database }) => {
    for (const policy of await listPolicies(database)) {
      const line = `${policy.version}  ${describeState(policy)}  ${policy.description}`;
      process.stdout.write(options.json ? `${JSON.stringify(policy)}\n` : `${line}\n`);
    }
  });
}

/** Who published a policy, or who proposes it, and why. */
function describeState(policy: StoredPolicy): string {
  const { isActive, publishedTs, publishedBy, publicationNote, author } = policy;
  const state = isActive ? 'active' : publishedTs ? 'published' : 'not published';
  const publisher = author
    ? `by ${publishedBy}, drafted by ${author}`
    : 'by the system, as the built-in policy';
  const why = publicationNote ? ` (${publicationNote})` : '';
  const published = publishedTs ? ` since ${publishedTs}, ${publisher}${why}` : '';
  const draft = policy.draftedTs
    ? `; draft of ${policy.draftedBy} since ${policy.draftedTs} (${policy.draftNote})`
    : '';
  return `${state}${published}${draft}`;
}

function show(): Promise<never> {
  const program = define(
    'show',
    'Prints the rules of a policy as JSON, which a file for add can start from, and in words.',
    ['', 'v2', 'v2 > my-policy.json'],
  ).argument('[version]', 'the version; the active one by default');
  return runCommand(program, async ({ args: [version], database }) => {
    const policies = await listPolicies(database);
    const policy = policies.find((each) => (version ? each.version === version : each.isActive));
    if (!policy)
      throw new OperatorError(
        `There is no policy ${version}, but ${policies.map((each) => each.version).join(', ')}.`,
      );
    process.stderr.write(`${describePolicy(parsePolicy(policy.rules, policy.version))}\n`);
    process.stdout.write(`${JSON.stringify(policy.rules, null, 2)}\n`);
  });
}

function validate(): Promise<never> {
  const program = define(
    'validate',
    'Says whether a file is a valid policy, and what it means; no database is needed and nothing is stored.',
    ['data/policies/v2.json'],
  ).argument('<file>', 'the rules as JSON');
  return runProgram(program, async () => {
    const [path = ''] = program.args;
    const policy = parsePolicy(await readRules(path), path);
    process.stderr.write(`${path} is the policy ${policy.version}.\n`);
    process.stdout.write(`${describePolicy(policy)}\n`);
  });
}

function diff(): Promise<never> {
  const program = define('diff', 'Shows every value that differs between the active policy and a version.', [
    'v2',
    'v2 v1',
  ])
    .argument('<version>', 'the version')
    .argument('[other]', 'compares from this version instead of the active one');
  return runCommand(program, async ({ args: [to = '', other], database }) => {
    const from = other ?? (await listPolicies(database)).find(({ isActive }) => isActive)?.version ?? '';
    const difference = await comparePolicies(database.pool, from, to);
    process.stderr.write(describeDifference(from, to, difference));
    process.stdout.write(`${JSON.stringify({ from, to, difference })}\n`);
  });
}

type Change = { by: string; note: string };

/** The options of a verb that changes the policy. */
function defineChange(verb: string, description: string, example: string): Command {
  return define(verb, description, [`${example} --by lead@caspers.local --note "Less for short delays"`])
    .requiredOption('--by <account>', 'who does this: the e-mail address or id of an account')
    .requiredOption('--note <text>', 'why');
}

function draft(): Promise<never> {
  const program = defineChange(
    'draft',
    'Proposes a policy: the rules of a file as a new version, or a version that is stored. A second person publishes it.',
    'my-policy.json',
  ).argument('<file-or-version>', 'the rules as JSON, or a version');
  return runCommand<Change>(program, async ({ args: [what = ''], options, database, clock }) => {
    const isVersion = (await listPolicies(database)).some(({ version }) => version === what);
    const proposal = isVersion ? { version: what } : { rules: await readRules(what), name: what };
    const drafted = await draftPolicy(database, proposal, withRequest(options), clock.now());
    const { version, difference } = drafted;
    process.stderr.write(describeDifference('the active policy', version, difference));
    process.stderr.write(
      `The draft of ${version} waits for a second person: recommend policy publish ${version}.\n`,
    );
    process.stdout.write(`${JSON.stringify(drafted)}\n`);
  });
}

function publish(): Promise<never> {
  const program = defineChange(
    'publish',
    'Publishes the draft of another person: it scores from now on, and existing recommendations stay.',
    'v2',
  ).argument('<version>', 'the version');
  return runCommand<Change>(program, async ({ args: [version = ''], options, database, clock }) => {
    const published = await publishPolicy(database, version, withRequest(options), clock.now());
    process.stderr.write(describeDifference(published.replaced, version, published.difference));
    process.stderr.write(`${version} scores from now on.\n`);
    process.stdout.write(`${JSON.stringify(published)}\n`);
  });
}

/** The audit log names who used the command line, because nothing proves there that a person is who they say. */
function withRequest({ by, note }: Change) {
  return { by, note, requestId: `command line of ${userInfo().username} on ${hostname()}` };
}

function describeDifference(from: string, to: string, difference: PolicyDifference): string {
  const lines = Object.entries(difference).map(
    ([path, value]) => `  ${path}: ${JSON.stringify(value.from)} → ${JSON.stringify(value.to)}`,
  );
  return lines.length === 0
    ? `${to} has the same rules as ${from}.\n`
    : `From ${from} to ${to}:\n${lines.join('\n')}\n`;
}

async function readRules(path: string): Promise<unknown> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new OperatorError(`${path} cannot be read: ${messageOf(error)}.`);
  });
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new OperatorError(`${path} is not JSON: ${messageOf(error)}.`);
  }
}
