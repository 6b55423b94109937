// The map of the app: which address shows which page. Pages are loaded when they are first opened.
import type { RouteObject } from 'react-router';
import { CrashedPage, MissingPage } from './pages/error-pages.tsx';

export const routes: RouteObject[] = [
  {
    errorElement: <CrashedPage />,
    hydrateFallbackElement: <></>,
    children: [
      { path: 'sign-in', lazy: async () => ({ Component: (await import('./pages/sign-in-page.tsx')).SignInPage }) },
      {
        lazy: async () => ({ Component: (await import('./pages/signed-in.tsx')).SignedInLayout }),
        children: [
          { index: true, lazy: async () => ({ Component: (await import('./pages/today-page.tsx')).TodayPage }) },
          {
            path: 'issuances',
            lazy: async () => ({ Component: (await import('./pages/issuances-page.tsx')).IssuancesPage }),
          },
          {
            path: 'issuances/:id',
            lazy: async () => ({ Component: (await import('./pages/issuance-page.tsx')).IssuancePage }),
          },
          { path: 'members', lazy: async () => ({ Component: (await import('./pages/people-page.tsx')).PeoplePage }) },
          {
            path: 'members/:key',
            lazy: async () => ({ Component: (await import('./pages/person-page.tsx')).PersonPage }),
          },
          {
            path: 'pieces/:state',
            lazy: async () => ({ Component: (await import('./pages/pieces-page.tsx')).PiecesPage }),
          },
          {
            path: 'returns/scan',
            lazy: async () => ({ Component: (await import('./pages/scan-pages.tsx')).ReturnScanPage }),
          },
          {
            path: 'recall/scan',
            lazy: async () => ({ Component: (await import('./pages/scan-pages.tsx')).CheckInPage }),
          },
          { path: 'jobs', lazy: async () => ({ Component: (await import('./pages/jobs-page.tsx')).JobsPage }) },
        ],
      },
      { path: '*', element: <MissingPage /> },
    ],
  },
];
