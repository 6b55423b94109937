// The console's start: draws the routes, then fetches the fonts.
import './styles.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from 'react-router/dom';
import { createBrowserRouter } from 'react-router';
import { queries } from './api/queries.ts';
import { routes } from './routes.tsx';

const root = document.querySelector('#root');
if (!root) throw new Error('index.html has no #root');

createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <RouterProvider router={createBrowserRouter(routes)} />
    </QueryClientProvider>
  </StrictMode>,
);

requestAnimationFrame(() => void import('./fonts.ts'));
