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
          { path: 'jobs', lazy: async () => ({ Component: (await import('./pages/jobs-page.tsx')).JobsPage }) },
        ],
      },
      { path: '*', element: <MissingPage /> },
    ],
  },
];
