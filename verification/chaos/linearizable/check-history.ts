import { apply, initialState, type Operation, type State } from './model.ts';

/** The contradiction in the history of one order; undefined if its operations could have happened one after another. */
export function checkHistory(history: readonly Operation[]): string | undefined {
  const { isLinearizable, longest } = linearize<State, Operation>(history, {
    initial: initialState,
    apply: (state, { request, answer }) => apply(state, request, answer),
    keyOf: (state) => JSON.stringify(state),
  });
  if (isLinearizable) return undefined;
  const left = history.filter((operation) => !longest.includes(operation));
  return `no order of its operations fits: after ${longest.map(describe).join('; ')} none of ${left.map(describe).join('; ')}`;
}

function describe({ request, answer, calledAt, returnedAt }: Operation): string {
  const who = 'who' in request ? ` by ${request.who.email}` : '';
  const about = 'target' in request ? ` ${request.target}` : 'cents' in request ? ` ${request.cents}` : '';
  const { kind, ...rest } = answer;
  const outcome = [kind, ...Object.values(rest)].join(' ');
  return `[${calledAt.toFixed(1)}–${returnedAt.toFixed(1)}] ${request.kind}${about}${who} → ${outcome}`;
}

/** An operation in time; one that never returned has `returnedAt` Infinity and may never have happened. */
type Timed = { calledAt: number; returnedAt: number };

type Rules<Value, Op> = {
  initial: Value;
  /** The state after the operation, or undefined if it cannot have had this result in that state. */
  apply(state: Value, op: Op): Value | undefined;
  /** A key that only equal states share. */
  keyOf(state: Value): string;
};

/**
 * Looks for an order of a history in which every operation takes effect at one moment between its call and its
 * return: Wing and Gong's search, with Lowe's memory of the pairs of finished operations and state that it has seen.
 * @returns the longest sequence of operations that fits, and whether it contains all that certainly happened.
 */
function linearize<Value, Op extends Timed>(
  history: readonly Op[],
  rules: Rules<Value, Op>,
): { isLinearizable: boolean; longest: Op[] } {
  const ops = history.toSorted((a, b) => a.calledAt - b.calledAt);
  const certain = ops.filter(isCertain).length;
  const seen = new Set<string>();
  const open: Node<Value, Op>[] = [{ state: rules.initial, done: 0n, path: [], certain: 0 }];
  let longest: Op[] = [];
  const isNew = ({ done, state }: Node<Value, Op>) => {
    const before = seen.size;
    return seen.add(`${done} ${rules.keyOf(state)}`).size > before;
  };
  for (let node = open.pop(); node; node = open.pop()) {
    if (node.path.length > longest.length) longest = node.path;
    if (node.certain === certain) return { isLinearizable: true, longest: node.path };
    open.push(...expand(ops, node, rules).filter(isNew).toReversed());
  }
  return { isLinearizable: false, longest };
}

/** The beginning of an order: its operations, also as a set of bits, and how many of them certainly happened. */
type Node<Value, Op> = { state: Value; done: bigint; path: Op[]; certain: number };

function expand<Value, Op extends Timed>(
  ops: readonly Op[],
  { state, done, path, certain }: Node<Value, Op>,
  rules: Rules<Value, Op>,
): Node<Value, Op>[] {
  return candidates(ops, done).flatMap(([n, op]) => {
    const next = rules.apply(state, op);
    if (next === undefined) return [];
    const bits = done | (1n << BigInt(n));
    return [{ state: next, done: bits, path: [...path, op], certain: certain + Number(isCertain(op)) }];
  });
}

/** The operations that may come next: those called before any other remaining one had returned. */
function candidates<Op extends Timed>(ops: readonly Op[], done: bigint): [number, Op][] {
  const rest = [...ops.entries()].filter(([n]) => (done & (1n << BigInt(n))) === 0n);
  const firstReturn = Math.min(...rest.map(([, { returnedAt }]) => returnedAt));
  return rest.filter(([, { calledAt }]) => calledAt <= firstReturn);
}

const isCertain = ({ returnedAt }: Timed) => Number.isFinite(returnedAt);
