// Room: web/api. Something a person does: sent with a key, so that trying the same again after a lost answer does it once.
// A refusal ends the key: the world may have changed when the person tries again.
import { useRef } from 'react';
import { useMutation } from '@tanstack/react-query';
import type { UseMutationResult } from '@tanstack/react-query';
import { Problem } from './client.ts';
import { queries } from './queries.ts';

/** A request as text: equal texts are the same action. */
function textOfRequest(request: unknown): string {
  return JSON.stringify(request, (_name, value: unknown) =>
    value instanceof File ? [value.name, value.size, value.lastModified] : value,
  );
}

/** The function gets the request and its key; what is on the screen is asked again afterwards. */
export function useAction<Request, Done>(
  action: (request: Request, key: string) => Promise<Done>,
  onDone: (done: Done, request: Request) => void = () => undefined,
): UseMutationResult<Done, Error, Request> {
  const lastSent = useRef<{ readonly text: string; readonly key: string } | null>(null);
  return useMutation({
    mutationFn: async (request: Request) => {
      const text = textOfRequest(request);
      const { key } = lastSent.current?.text === text ? lastSent.current : { key: crypto.randomUUID() };
      lastSent.current = { text, key };
      try {
        const done = await action(request, key);
        lastSent.current = null;
        return done;
      } catch (error) {
        if (error instanceof Problem && error.status < 500) lastSent.current = null;
        throw error;
      }
    },
    onSuccess: (done, request) => {
      onDone(done, request);
      void queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'session' });
    },
  });
}
