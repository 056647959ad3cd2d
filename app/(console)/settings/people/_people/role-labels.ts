import type { Role } from '#lib/contract/person.ts';

export const roleLabels: Record<Role, string> = {
  viewer: 'Viewer',
  reviewer: 'Reviewer',
  lead: 'Lead',
  admin: 'Admin',
};
