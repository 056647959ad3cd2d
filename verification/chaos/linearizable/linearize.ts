/** An operation in time; one that never returned has `returned` Infinity and may never have happened. */
export type Timed = { called: number; returned: number };

export type Rules<State, Op> = {
  initial: State;
  /** The state after, or undefined where the operation cannot have gone this way then. */
  follow(state: State, op: Op): State | undefined;
  /** Equal for equal states alone. */
  keyOf(state: State): string;
};

/**
 * Looks for an order of a history in which every operation takes effect at one moment between its call and its
 * return: Wing and Gong's search, which with Lowe visits no pair of operations done and state reached twice.
 * @returns the most operations that could be brought into an order, one after another, and whether that is all.
 */
export function linearize<State, Op extends Timed>(
  history: readonly Op[],
  rules: Rules<State, Op>,
): { isLinearizable: boolean; longest: Op[] } {
  const ops = history.toSorted((a, b) => a.called - b.called);
  const certain = ops.filter(isCertain).length;
  const seen = new Set<string>();
  const open: Node<State, Op>[] = [{ state: rules.initial, done: 0n, path: [], sure: 0 }];
  let longest: Op[] = [];
  const isNew = ({ done, state }: Node<State, Op>) => {
    const before = seen.size;
    return seen.add(`${done} ${rules.keyOf(state)}`).size > before;
  };
  for (let node = open.pop(); node; node = open.pop()) {
    if (node.path.length > longest.length) longest = node.path;
    if (node.sure === certain) return { isLinearizable: true, longest: node.path };
    open.push(...goOn(ops, node, rules).filter(isNew).toReversed());
  }
  return { isLinearizable: false, longest };
}

/** A beginning of an order: the operations done, also as a set of bits, and how many of them surely happened. */
type Node<State, Op> = { state: State; done: bigint; path: Op[]; sure: number };

function goOn<State, Op extends Timed>(
  ops: readonly Op[],
  { state, done, path, sure }: Node<State, Op>,
  rules: Rules<State, Op>,
): Node<State, Op>[] {
  return nextOf(ops, done).flatMap(([n, op]) => {
    const next = rules.follow(state, op);
    if (next === undefined) return [];
    return [
      {
        state: next,
        done: done | (1n << BigInt(n)),
        path: [...path, op],
        sure: sure + Number(isCertain(op)),
      },
    ];
  });
}

/** What may come next: whatever was called before any other of the rest had returned. */
function nextOf<Op extends Timed>(ops: readonly Op[], done: bigint): [number, Op][] {
  const rest = [...ops.entries()].filter(([n]) => (done & (1n << BigInt(n))) === 0n);
  const first = Math.min(...rest.map(([, { returned }]) => returned));
  return rest.filter(([, { called }]) => called <= first);
}

const isCertain = ({ returned }: Timed) => Number.isFinite(returned);
