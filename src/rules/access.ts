// Room: rules. Who may do what in the console. One table; the server's guard, the navigation and the access test read it.

/** 役割. One account has one. */
export type Role = 'headquarters' | 'branch' | 'contractor' | 'workplace' | 'call-centre' | 'auditor' | 'administrator';

export const ROLE_LABELS = {
  headquarters: '本部',
  branch: '支部',
  contractor: '委託業者',
  workplace: '事業所',
  'call-centre': 'コールセンター',
  auditor: '監査',
  administrator: '管理者',
} as const satisfies Record<Role, string>;

/** What a route asks for. */
export type Permission =
  /** Counts of what needs one, own jobs. */
  | 'see-today'
  | 'see-issuances'
  /** Balances of whole issuances: for accounts that see the whole insurer. */
  | 'see-balances'
  | 'run-issuances'
  | 'see-people'
  | 'see-decisions'
  | 'see-papers'
  | 'see-pages'
  | 'change-papers'
  | 'scan-returns'
  | 'see-returns'
  | 'remake'
  | 'see-workplaces'
  | 'report-hand-over'
  | 'see-recall'
  | 'check-in'
  | 'pack-parcels'
  | 'see-packages'
  | 'make-packages'
  | 'bring-results'
  | 'see-figures'
  | 'import'
  | 'see-audit'
  | 'manage-accounts'
  | 'see-profile'
  | 'change-profile'
  | 'approve-lots'
  /** Answers by name for what a rule would refuse. */
  | 'override';

const HEADQUARTERS: readonly Permission[] = [
  'see-today',
  'see-issuances',
  'see-balances',
  'run-issuances',
  'see-people',
  'see-decisions',
  'see-papers',
  'see-pages',
  'change-papers',
  'scan-returns',
  'see-returns',
  'remake',
  'see-workplaces',
  'report-hand-over',
  'see-recall',
  'check-in',
  'pack-parcels',
  'see-packages',
  'make-packages',
  'bring-results',
  'see-figures',
  'import',
  'see-profile',
  'approve-lots',
  'override',
];

/** Every role's permissions. Reasons never reach contractor or employer; the administrator sees no people. */
export const PERMISSIONS = {
  headquarters: HEADQUARTERS,
  branch: [
    'see-today',
    'see-issuances',
    'see-people',
    'see-decisions',
    'see-papers',
    'see-pages',
    'change-papers',
    'scan-returns',
    'see-returns',
    'see-workplaces',
    'report-hand-over',
    'see-recall',
    'check-in',
    'pack-parcels',
    'see-figures',
    'see-profile',
  ],
  contractor: ['see-today', 'scan-returns', 'pack-parcels', 'see-packages', 'bring-results'],
  workplace: ['see-today', 'see-workplaces', 'report-hand-over', 'see-recall'],
  'call-centre': ['see-today', 'see-people', 'see-decisions', 'see-papers'],
  auditor: ['see-today', 'see-issuances', 'see-balances', 'see-figures', 'see-audit', 'see-profile'],
  administrator: ['see-today', 'see-audit', 'manage-accounts', 'see-profile', 'change-profile'],
} as const satisfies Record<Role, readonly Permission[]>;

/** Whether a role has a permission. */
export function may(role: Role, permission: Permission): boolean {
  return (PERMISSIONS[role] as readonly Permission[]).includes(permission);
}

/** Roles that have a permission, for 「…の方が行えます」. */
export function rolesWith(permission: Permission): Role[] {
  return (Object.keys(PERMISSIONS) as Role[]).filter((role) => may(role, permission));
}
