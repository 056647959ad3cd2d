/** Where an order of the queue stands. */
export const caseStatuses = [
  'queued',
  'claimed',
  'pending_approval',
  'decided',
  'reversed',
  'snoozed',
  'escalated',
] as const;
export type CaseStatus = (typeof caseStatuses)[number];

/** The steps that an order may take; the database holds the same table and refuses every other. */
export const caseSteps: Record<CaseStatus, readonly CaseStatus[]> = {
  queued: ['claimed', 'snoozed', 'escalated', 'pending_approval', 'decided'],
  claimed: ['queued', 'snoozed', 'escalated', 'pending_approval', 'decided'],
  snoozed: ['queued', 'claimed', 'escalated', 'pending_approval', 'decided'],
  escalated: ['queued', 'pending_approval', 'decided'],
  pending_approval: ['queued', 'escalated', 'reversed', 'decided'],
  decided: ['queued', 'escalated', 'reversed'],
  reversed: ['pending_approval', 'decided'],
};

/** Whether nobody has settled the order yet. */
export function isOpen(status: CaseStatus): boolean {
  return status !== 'decided' && status !== 'reversed';
}

/** How long a decision can be undone by the one who made it; the database measures it. */
export const UNDO_SECONDS = 30;
