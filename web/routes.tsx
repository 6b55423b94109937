// The map of the app: which address shows which page. Pages are loaded when they are first opened.
import type { ComponentType } from 'react';
import type { RouteObject } from 'react-router';
import { CrashedPage, MissingPage } from './pages/error-pages.tsx';

/** A page by its address; `load` names its module and the component in it. */
function page(path: string, load: () => Promise<ComponentType>): RouteObject {
  return { path, lazy: async () => ({ Component: await load() }) };
}

export const routes: RouteObject[] = [
  {
    errorElement: <CrashedPage />,
    hydrateFallbackElement: <></>,
    children: [
      page('/sign-in', async () => (await import('./pages/desk/sign-in-page.tsx')).SignInPage),
      {
        lazy: async () => ({ Component: (await import('./pages/signed-in.tsx')).SignedInLayout }),
        children: [
          page('/', async () => (await import('./pages/desk/today-page.tsx')).TodayPage),
          page('/issuances', async () => (await import('./pages/issuing/issuances-page.tsx')).IssuancesPage),
          page('/issuances/:id', async () => (await import('./pages/issuing/issuance-page.tsx')).IssuancePage),
          page('/issuances/:id/lots', async () => (await import('./pages/posting/lots-page.tsx')).LotsPage),
          page('/issuances/:id/lots/:no', async () => (await import('./pages/posting/lot-page.tsx')).LotPage),
          page('/issuances/:id/members', async () => (await import('./pages/issuing/decided-page.tsx')).DecidedPage),
          page('/issuances/:id/warnings', async () => (await import('./pages/desk/warnings-page.tsx')).WarningsPage),
          page('/issuances/:id/files', async () => (await import('./pages/desk/files-page.tsx')).FilesPage),
          page('/members', async () => (await import('./pages/desk/people-page.tsx')).PeoplePage),
          page('/members/:key', async () => (await import('./pages/desk/person-page.tsx')).PersonPage),
          page('/pieces/:state', async () => (await import('./pages/desk/pieces-page.tsx')).PiecesPage),
          page('/papers/:number', async () => (await import('./pages/desk/piece-page.tsx')).PiecePage),
          page('/reissues', async () => (await import('./pages/life/reissues-page.tsx')).ReissuesPage),
          page('/withdrawals', async () => (await import('./pages/posting/withdrawals-page.tsx')).WithdrawalsPage),
          page('/returns/scan', async () => (await import('./pages/life/scan-pages.tsx')).ReturnScanPage),
          page('/recall/scan', async () => (await import('./pages/life/scan-pages.tsx')).CheckInPage),
          page('/workplaces', async () => (await import('./pages/desk/workplaces-page.tsx')).WorkplacesPage),
          page('/workplaces/:symbol', async () => (await import('./pages/desk/workplace-page.tsx')).WorkplacePage),
          page('/parcels', async () => (await import('./pages/posting/parcels-page.tsx')).ParcelsPage),
          page(
            '/parcels/:id/:symbol',
            async () => (await import('./pages/posting/parcel-station-page.tsx')).ParcelStationPage,
          ),
          page('/packages', async () => (await import('./pages/posting/packages-page.tsx')).PackagesPage),
          page('/figures', async () => (await import('./pages/desk/figures-page.tsx')).FiguresPage),
          page('/imports', async () => (await import('./pages/intake/imports-page.tsx')).ImportsPage),
          page('/imports/:id', async () => (await import('./pages/intake/import-page.tsx')).ImportPage),
          page('/jobs', async () => (await import('./pages/desk/jobs-page.tsx')).JobsPage),
          page('/audit', async () => (await import('./pages/desk/audit-pages.tsx')).AuditPage),
          page('/audit/access', async () => (await import('./pages/desk/audit-pages.tsx')).AccessRecordsPage),
          page('/audit/journal', async () => (await import('./pages/desk/audit-pages.tsx')).JournalPage),
          page('/profile', async () => (await import('./pages/intake/profile-page.tsx')).ProfilePage),
          page('/users', async () => (await import('./pages/desk/users-page.tsx')).UsersPage),
          page('/users/new', async () => (await import('./pages/desk/new-user-page.tsx')).NewUserPage),
          page('/users/:id', async () => (await import('./pages/desk/user-page.tsx')).UserPage),
        ],
      },
      { path: '*', element: <MissingPage /> },
    ],
  },
];
