import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkHistory } from './check-history.ts';
import { type Answer, initialState, type Operation, type Request, respond } from './model.ts';

const ana = { email: 'ana', role: 'reviewer' } as const;
const ben = { email: 'ben', role: 'reviewer' } as const;
const lea = { email: 'lea', role: 'lead' } as const;
const liz = { email: 'liz', role: 'lead' } as const;

const decide = (who: typeof ana | typeof ben | typeof lea, cents = 300): Request => ({
  kind: 'decide',
  who,
  cents,
  recommendation: '1',
});
const supersede = (recommendation: string, facts: number): Request => ({
  kind: 'supersede',
  recommendation,
  facts,
});
const decided = (id: string): Answer => ({ kind: 'decided', id });
const read = (status: string, decision: string | null): [Request, Answer] => [
  { kind: 'read' },
  { kind: 'read', status, decision, recommendation: '1', factsChanged: false },
];
const refused = (code: string, current: string | null = null): Answer => ({ kind: 'refused', code, current });
const op = (calledAt: number, returnedAt: number, [request, answer]: [Request, Answer]): Operation => ({
  request,
  answer,
  calledAt,
  returnedAt,
});

describe('a history that could have happened one after another is accepted', () => {
  test('overlapping operations take effect in whichever order fits', () => {
    const history = [
      op(0, 10, [decide(ana), refused('already_decided', '2')]),
      op(1, 9, [decide(ben), decided('2')]),
      op(2, 3, read('queued', null)),
      op(4, 5, read('decided', '2')),
    ];
    expect(checkHistory(history)).toBeUndefined();
  });

  test('an operation without an answer may have happened late, early or not at all', () => {
    const lost = op(0, Number.POSITIVE_INFINITY, [decide(ana), { kind: 'unknown' }]);
    expect(checkHistory([lost, op(1, 2, read('queued', null))])).toBeUndefined();
    expect(checkHistory([lost, op(1, 2, read('decided', 'unknown'))])).toBeUndefined();
    expect(checkHistory([op(1, 2, read('decided', 'unknown'))])).toBeDefined();
  });
});

describe('a history that cannot have happened is refused', () => {
  test.each<[string, Operation[]]>([
    ['two decisions at once', [op(0, 9, [decide(ana), decided('1')]), op(0, 9, [decide(ben), decided('2')])]],
    [
      'a read of the state before an answer that was already given',
      [op(0, 1, [decide(ana), decided('1')]), op(2, 3, read('queued', null))],
    ],
    [
      'an answer that names another winner',
      [op(0, 1, [decide(ana), decided('1')]), op(2, 3, [decide(ben), refused('already_decided', '7')])],
    ],
    [
      'a refusal without a cause',
      [op(0, 1, [decide(ana), refused('already_decided', '1')]), op(2, 3, [decide(ben), decided('1')])],
    ],
    [
      'an undo by another person',
      [
        op(0, 1, [decide(ana), decided('1')]),
        op(2, 3, [
          { kind: 'undo', who: ben, target: '1' },
          { kind: 'revoked', id: '2' },
        ]),
      ],
    ],
    [
      'a decision revoked twice',
      [
        op(0, 1, [decide(ana), decided('1')]),
        op(2, 9, [
          { kind: 'undo', who: ana, target: '1' },
          { kind: 'revoked', id: '2' },
        ]),
        op(2, 9, [
          { kind: 'reverse', who: lea, target: '1' },
          { kind: 'revoked', id: '3' },
        ]),
      ],
    ],
    [
      'a request approved and rejected',
      [
        op(0, 1, [decide(ana, 2500), { kind: 'requested', id: '1' }]),
        op(2, 9, [{ kind: 'approve', who: lea, target: '1' }, decided('2')]),
        op(2, 9, [{ kind: 'reject', who: liz, target: '1' }, { kind: 'settled' }]),
      ],
    ],
    [
      'a decision on a recommendation that had been superseded',
      [op(0, 1, [supersede('2', 2), { kind: 'superseded' }]), op(2, 3, [decide(ana), decided('1')])],
    ],
    [
      'an approval on facts that had changed',
      [
        op(0, 1, [decide(ana, 2500), { kind: 'requested', id: '1' }]),
        op(2, 3, [supersede('2', 2), { kind: 'superseded' }]),
        op(4, 5, [{ kind: 'approve', who: lea, target: '1' }, decided('2')]),
      ],
    ],
    [
      'a decided order without a mark, although its facts had changed',
      [
        op(0, 1, [decide(ana), decided('1')]),
        op(2, 3, [supersede('2', 2), { kind: 'superseded' }]),
        op(4, 5, [
          { kind: 'read' },
          { kind: 'read', status: 'decided', decision: '1', recommendation: '2', factsChanged: false },
        ]),
      ],
    ],
    [
      'a reversed order decided by a reviewer once a lead’s new decision is undone',
      [
        op(0, 1, [decide(ana), decided('1')]),
        op(2, 3, [
          { kind: 'reverse', who: lea, target: '1' },
          { kind: 'revoked', id: '2' },
        ]),
        op(4, 5, [decide(lea), decided('3')]),
        op(6, 7, [
          { kind: 'undo', who: lea, target: '3' },
          { kind: 'revoked', id: '4' },
        ]),
        op(8, 9, [decide(ana), decided('5')]),
      ],
    ],
  ])('%s', (_, history) => {
    expect(checkHistory(history)).toContain('no order of its operations fits');
  });
});

const people = fc.constantFrom(ana, ben, lea, liz);
const step = fc.record({
  who: people,
  kind: fc.constantFrom(
    ...['decide', 'request', 'undo', 'reverse', 'approve', 'reject', 'withdraw', 'supersede', 'read'],
  ),
  /** How far the operation overlaps its neighbours. */
  before: fc.nat(30),
  after: fc.nat(30),
});
type Step = {
  who: typeof ana | typeof ben | typeof lea | typeof liz;
  kind: string;
  before: number;
  after: number;
};

/** A history made by the rules themselves, with each operation stretched around its moment. */
function play(steps: readonly Step[]): Operation[] {
  let state = initialState;
  return steps.map(({ who, kind, before, after }, n) => {
    const request = requestOf(kind, who, {
      decision: state.current ?? '0',
      request: state.request ?? '0',
      recommendation: n % 5 === 0 ? '1' : state.recommendation,
      n,
    });
    const { answer, next } = respond(state, request, `${n}`);
    state = next;
    return { request, answer, calledAt: 10 * n - before, returnedAt: 10 * n + after };
  });
}

type Seen = { decision: string; request: string; recommendation: string; n: number };

function requestOf(kind: string, who: Step['who'], known: Seen): Request {
  switch (kind) {
    case 'decide':
      return { kind: 'decide', who, cents: 300, recommendation: known.recommendation };
    case 'request':
      return { kind: 'decide', who, cents: 2500, recommendation: known.recommendation };
    case 'undo':
    case 'reverse':
      return { kind, who, target: known.decision };
    case 'approve':
    case 'reject':
    case 'withdraw':
      return { kind, who, target: known.request };
    case 'supersede':
      return { kind, recommendation: `r${known.n}`, facts: known.n % 3 };
    default:
      return { kind: 'read' };
  }
}

test('every history that the rules make is accepted, however its operations overlap', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 24 }), (steps) => {
      expect(checkHistory(play(steps))).toBeUndefined();
    }),
    { numRuns: 300 },
  );
});

test('a decision that two people were told to have made is refused in every history', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 24 }), fc.nat(), (steps, n) => {
      const history = play(steps);
      const made = history.filter(({ answer }) => answer.kind === 'decided' || answer.kind === 'requested');
      const chosen = made[n % Math.max(1, made.length)];
      fc.pre(chosen?.request.kind === 'decide');
      const twin = { ...chosen, answer: { ...chosen.answer, id: 'twin' } } as Operation;
      const isFree = history.every(
        (other) =>
          other === chosen || other.calledAt > chosen.returnedAt || other.returnedAt < chosen.calledAt,
      );
      fc.pre(isFree);
      expect(checkHistory([...history, twin])).toBeDefined();
    }),
    { numRuns: 300 },
  );
});
