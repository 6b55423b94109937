// Room: web/api. What was fetched is kept here, and fetched again when it may have changed.
import { QueryClient } from '@tanstack/react-query';
import { Problem } from './client.ts';

export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      // A refusal stays one however often it is asked; a lost connection or a fault may pass.
      retry: (failures, error) => failures < 2 && !(error instanceof Problem && error.status < 500),
    },
    mutations: { retry: false },
  },
});
