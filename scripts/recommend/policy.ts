import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { messageOf, OperatorError } from '#lib/errors.ts';
import {
  activatePolicy,
  addPolicy,
  describePolicy,
  listPolicies,
  parsePolicy,
} from '#lib/recommender/policy/index.ts';
import { defineCommand, runCommand, runProgram } from '../cli/command.ts';
import { runVerb, type Verbs } from '../cli/verbs.ts';

const verbs: Verbs = {
  list: { summary: 'lists every policy and says which one is active', run: list },
  show: { summary: 'shows the rules of one, in words and as JSON', run: show },
  validate: { summary: 'says whether a file is a valid policy; stores nothing', run: validate },
  add: { summary: 'stores the policy of a file as a new version', run: add },
  activate: { summary: 'makes a version the one that scores from now on', run: activate },
};

const examples = ['list', 'show v2', 'validate data/policies/v2.json', 'add my-policy.json', 'activate v2'];
await runVerb('recommend policy', 'Lists, shows, checks, adds and activates policies.', verbs, examples);

function define(verb: string, description: string, examples: string[]): Command {
  return defineCommand(`recommend policy ${verb}`, description, examples);
}

function list(): Promise<never> {
  const program = define('list', 'Lists every policy, the newest first.', ['', '--json']);
  program.option('--json', 'one JSON object a line, with the rules');
  return runCommand<{ json?: true }>(program, async ({ options, database }) => {
    for (const policy of await listPolicies(database)) {
      const { version, description, isActive, activatedTs } = policy;
      const state = isActive ? `active since ${activatedTs}` : 'not active';
      process.stdout.write(
        options.json ? `${JSON.stringify(policy)}\n` : `${version}  ${state}  ${description}\n`,
      );
    }
  });
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

function add(): Promise<never> {
  const program = define('add', 'Stores the policy of a file as a new version, which is not active yet.', [
    'my-policy.json',
  ]).argument('<file>', 'the rules as JSON');
  return runCommand(program, async ({ args: [path = ''], database }) => {
    const { version, added } = await addPolicy(database, await readRules(path), path);
    process.stderr.write(
      added
        ? `Stored as ${version}. Run recommend policy activate ${version} to score by it.\n`
        : `Nothing to do: ${version} is stored with the same rules.\n`,
    );
    process.stdout.write(`${JSON.stringify({ version, added })}\n`);
  });
}

function activate(): Promise<never> {
  const program = define(
    'activate',
    'Makes a version the one that scores from now on; existing recommendations stay.',
    ['v2'],
  ).argument('<version>', 'the version');
  return runCommand(program, async ({ args: [version = ''], database, clock }) => {
    const activated = await activatePolicy(database, version, clock.now());
    process.stderr.write(
      activated ? `${version} scores from now on.\n` : `Nothing to do: ${version} is active.\n`,
    );
    process.stdout.write(`${JSON.stringify({ version, activated })}\n`);
  });
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
