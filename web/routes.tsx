// The map of the app: which address shows which page. Pages are loaded when they are first opened.
import type { RouteObject } from 'react-router';
import { CrashedPage, MissingPage } from './pages/error-pages.tsx';

export const routes: RouteObject[] = [
  {
    errorElement: <CrashedPage />,
    hydrateFallbackElement: <></>,
    children: [{ path: '*', element: <MissingPage /> }],
  },
];
