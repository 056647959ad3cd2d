import { linearize } from './linearize.ts';
import { follow, fresh, type State } from './model.ts';
import type { Operation } from './operation.ts';

/** What is wrong with the history of one order; undefined where it could have been made one after another. */
export function judgeHistory(history: readonly Operation[]): string | undefined {
  const { isLinearizable, longest } = linearize<State, Operation>(history, {
    initial: fresh,
    follow: (state, { ask, answer }) => follow(state, ask, answer),
    keyOf: (state) => JSON.stringify(state),
  });
  if (isLinearizable) return undefined;
  const left = history.filter((operation) => !longest.includes(operation));
  return `no order of it fits: after ${longest.map(describe).join('; ')} none of ${left.map(describe).join('; ')}`;
}

function describe({ ask, answer, called, returned }: Operation): string {
  const who = 'who' in ask ? ` by ${ask.who.email}` : '';
  const about = 'target' in ask ? ` ${ask.target}` : 'cents' in ask ? ` ${ask.cents}` : '';
  const { kind, ...rest } = answer;
  const told = [kind, ...Object.values(rest)].join(' ');
  return `[${called.toFixed(1)}–${returned.toFixed(1)}] ${ask.kind}${about}${who} → ${told}`;
}
