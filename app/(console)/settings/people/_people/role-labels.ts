import { type Role, roles } from '#lib/contract/person.ts';

export const roleLabels: Record<Role, string> = {
  viewer: 'Viewer',
  reviewer: 'Reviewer',
  lead: 'Lead',
  engineer: 'Engineer',
  admin: 'Admin',
};

export const roleOptions = roles.map((value) => ({ value, label: roleLabels[value] }));
