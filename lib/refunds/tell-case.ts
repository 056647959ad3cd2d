import type { CaseMove, PastRequest } from './list-case-history.ts';
import type { PastDecision } from './types.ts';

/** One entry of an order's history. */
export type Told = { at: string; key: string } & (
  | { kind: 'move'; move: CaseMove }
  | { kind: 'request'; request: PastRequest }
  | { kind: 'outcome'; request: PastRequest; outcome: NonNullable<PastRequest['outcome']> }
  | { kind: 'decision'; decision: PastDecision }
);

type Recorded = { moves: CaseMove[]; requests: PastRequest[]; decisions: PastDecision[] };

/** All that happened to an order in the order of time; what an approval settled is told by its decision. */
export function tellCase({ moves, requests, decisions }: Recorded): Told[] {
  const told: Told[] = [
    ...moves.map((move, n): Told => ({ kind: 'move', at: move.at, key: `move ${n}`, move })),
    ...requests.map(
      (request): Told => ({
        kind: 'request',
        at: request.requestedTs,
        key: `request ${request.id}`,
        request,
      }),
    ),
    ...requests.flatMap((request): Told[] => {
      const { id, outcome } = request;
      if (!outcome || outcome.kind === 'approved') return [];
      return [{ kind: 'outcome', at: outcome.at, key: `outcome ${id}`, request, outcome }];
    }),
    ...decisions
      .toReversed()
      .map((decision): Told => ({ kind: 'decision', at: decision.decidedTs, key: decision.id, decision })),
  ];
  return told.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
}
