// Every component in every state, on the console's own shell. Built for the tests only; people of the cast are invented.
import './catalogue.css';
import { StrictMode } from 'react';
import type { ReactNode } from 'react';
import { createRoot } from 'react-dom/client';
import { createBrowserRouter } from 'react-router';
import { RouterProvider } from 'react-router/dom';
import { Shell } from '../../ui/shell.tsx';
import type { Place } from '../../ui/place.ts';
import { FormsPage } from './forms.tsx';
import { ListsPage } from './lists.tsx';
import { ScanPage } from './scan.tsx';
import { StatesPage } from './states.tsx';

const PLACES: readonly Place[] = [
  { to: '/', label: '状態と知らせ', icon: 'home', letter: 'h' },
  { to: '/forms', label: '入力', icon: 'upload', letter: 'f' },
  { to: '/lists', label: '一覧と図', icon: 'envelope', count: 1234, letter: 'l' },
  { to: '/scan', label: '不着スキャン', icon: 'scan', letter: 's' },
];

function Framed({ children }: { readonly children: ReactNode }): ReactNode {
  return (
    <Shell
      insurer="全国健康保険協会"
      scope="島根支部"
      person="島根　花子"
      role="支部"
      home="/"
      places={PLACES}
      searchAt="/lists"
      onSignOut={() => {}}
    >
      {children}
    </Shell>
  );
}

const root = document.querySelector('#root');
if (!root) throw new Error('no #root');
createRoot(root).render(
  <StrictMode>
    <RouterProvider
      router={createBrowserRouter([
        {
          path: '/',
          element: (
            <Framed>
              <StatesPage />
            </Framed>
          ),
        },
        {
          path: '/forms',
          element: (
            <Framed>
              <FormsPage />
            </Framed>
          ),
        },
        {
          path: '/lists',
          element: (
            <Framed>
              <ListsPage />
            </Framed>
          ),
        },
        {
          path: '/scan',
          element: (
            <Framed>
              <ScanPage />
            </Framed>
          ),
        },
      ])}
    />
  </StrictMode>,
);
requestAnimationFrame(() => void import('../../fonts.ts'));
