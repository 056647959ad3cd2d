import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { judgeHistory } from './judge-history.ts';
import { fresh, respond } from './model.ts';
import type { Answer, Ask, Operation } from './operation.ts';

const ana = { email: 'ana', role: 'reviewer' } as const;
const ben = { email: 'ben', role: 'reviewer' } as const;
const lea = { email: 'lea', role: 'lead' } as const;
const liz = { email: 'liz', role: 'lead' } as const;

const decide = (who: typeof ana | typeof ben | typeof lea, cents = 300): Ask => ({
  kind: 'decide',
  who,
  cents,
});
const decided = (id: string): Answer => ({ kind: 'decided', id });
const read = (status: string, decision: string | null): [Ask, Answer] => [
  { kind: 'read' },
  { kind: 'read', status, decision },
];
const refused = (code: string, current: string | null = null): Answer => ({ kind: 'refused', code, current });
const op = (called: number, returned: number, [ask, answer]: [Ask, Answer]): Operation => ({
  ask,
  answer,
  called,
  returned,
});

describe('what could have happened one after another is found', () => {
  test('overlapping operations take effect in whichever order fits', () => {
    const history = [
      op(0, 10, [decide(ana), refused('already_decided', '2')]),
      op(1, 9, [decide(ben), decided('2')]),
      op(2, 3, read('queued', null)),
      op(4, 5, read('decided', '2')),
    ];
    expect(judgeHistory(history)).toBeUndefined();
  });

  test('what never answered may have happened late, early or not at all', () => {
    const lost = op(0, Number.POSITIVE_INFINITY, [decide(ana), { kind: 'unknown' }]);
    expect(judgeHistory([lost, op(1, 2, read('queued', null))])).toBeUndefined();
    expect(judgeHistory([lost, op(1, 2, read('decided', 'unknown'))])).toBeUndefined();
    expect(judgeHistory([op(1, 2, read('decided', 'unknown'))])).toBeDefined();
  });
});

describe('what cannot have happened is not', () => {
  test.each<[string, Operation[]]>([
    ['two decisions at once', [op(0, 9, [decide(ana), decided('1')]), op(0, 9, [decide(ben), decided('2')])]],
    [
      'a read of what was before an answer that had come',
      [op(0, 1, [decide(ana), decided('1')]), op(2, 3, read('queued', null))],
    ],
    [
      'an answer that names another winner',
      [op(0, 1, [decide(ana), decided('1')]), op(2, 3, [decide(ben), refused('already_decided', '7')])],
    ],
    [
      'a refusal where nothing stood in the way',
      [op(0, 1, [decide(ana), refused('already_decided', '1')]), op(2, 3, [decide(ben), decided('1')])],
    ],
    [
      'an undo by somebody else',
      [
        op(0, 1, [decide(ana), decided('1')]),
        op(2, 3, [
          { kind: 'undo', who: ben, target: '1' },
          { kind: 'taken_back', id: '2' },
        ]),
      ],
    ],
    [
      'a decision taken back twice',
      [
        op(0, 1, [decide(ana), decided('1')]),
        op(2, 9, [
          { kind: 'undo', who: ana, target: '1' },
          { kind: 'taken_back', id: '2' },
        ]),
        op(2, 9, [
          { kind: 'reverse', who: lea, target: '1' },
          { kind: 'taken_back', id: '3' },
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
      'a reversed order decided by a reviewer once a lead’s new decision is undone',
      [
        op(0, 1, [decide(ana), decided('1')]),
        op(2, 3, [
          { kind: 'reverse', who: lea, target: '1' },
          { kind: 'taken_back', id: '2' },
        ]),
        op(4, 5, [decide(lea), decided('3')]),
        op(6, 7, [
          { kind: 'undo', who: lea, target: '3' },
          { kind: 'taken_back', id: '4' },
        ]),
        op(8, 9, [decide(ana), decided('5')]),
      ],
    ],
  ])('%s', (_, history) => {
    expect(judgeHistory(history)).toContain('no order of it fits');
  });
});

const people = fc.constantFrom(ana, ben, lea, liz);
const wish = fc.record({
  who: people,
  kind: fc.constantFrom('decide', 'ask', 'undo', 'reverse', 'approve', 'reject', 'withdraw', 'read'),
  /** How much the operation reaches over its neighbours. */
  before: fc.nat(30),
  after: fc.nat(30),
});
type Wish = {
  who: typeof ana | typeof ben | typeof lea | typeof liz;
  kind: string;
  before: number;
  after: number;
};

/** A history that the rules themselves have made, each operation stretched around its moment. */
function play(wishes: readonly Wish[]): Operation[] {
  let state = fresh;
  return wishes.map(({ who, kind, before, after }, n) => {
    const ask = askOf(kind, who, { decision: state.standing ?? '0', request: state.request ?? '0' });
    const { answer, next } = respond(state, ask, `${n}`);
    state = next;
    return { ask, answer, called: 10 * n - before, returned: 10 * n + after };
  });
}

function askOf(kind: string, who: Wish['who'], known: { decision: string; request: string }): Ask {
  switch (kind) {
    case 'decide':
      return { kind: 'decide', who, cents: 300 };
    case 'ask':
      return { kind: 'decide', who, cents: 2500 };
    case 'undo':
    case 'reverse':
      return { kind, who, target: known.decision };
    case 'approve':
    case 'reject':
    case 'withdraw':
      return { kind, who, target: known.request };
    default:
      return { kind: 'read' };
  }
}

test('every history that the rules make is found to be one, however its operations overlap', () => {
  fc.assert(
    fc.property(fc.array(wish, { maxLength: 24 }), (wishes) => {
      expect(judgeHistory(play(wishes))).toBeUndefined();
    }),
    { numRuns: 300 },
  );
});

test('a decision that two people are told they have made is found in every history', () => {
  fc.assert(
    fc.property(fc.array(wish, { maxLength: 24 }), fc.nat(), (wishes, n) => {
      const history = play(wishes);
      const made = history.filter(({ answer }) => answer.kind === 'decided' || answer.kind === 'requested');
      const chosen = made[n % Math.max(1, made.length)];
      fc.pre(chosen?.ask.kind === 'decide');
      const twin = { ...chosen, answer: { ...chosen.answer, id: 'twin' } } as Operation;
      const isFree = history.every(
        (other) => other === chosen || other.called > chosen.returned || other.returned < chosen.called,
      );
      fc.pre(isFree);
      expect(judgeHistory([...history, twin])).toBeDefined();
    }),
    { numRuns: 300 },
  );
});
