// Room: web/api. Something a person does: sent with a key, so that trying the same again after a lost answer does it once.
// A refusal ends the key: the world may have changed when the person tries again.
import { useRef } from 'react';
import { useMutation } from '@tanstack/react-query';
import type { UseMutationResult } from '@tanstack/react-query';
import { Problem } from './client.ts';
import { queries } from './queries.ts';

/** A wish as text: equal texts are the same deed. */
function textOfWish(wish: unknown): string {
  return JSON.stringify(wish, (_name, value: unknown) =>
    value instanceof File ? [value.name, value.size, value.lastModified] : value,
  );
}

/** `deed` gets the wish and its key; what is on the screen is asked again afterwards. */
export function useDeed<Wish, Done>(
  deed: (wish: Wish, key: string) => Promise<Done>,
  onDone: (done: Done, wish: Wish) => void = () => undefined,
): UseMutationResult<Done, Error, Wish> {
  const kept = useRef<{ readonly text: string; readonly key: string } | null>(null);
  return useMutation({
    mutationFn: async (wish: Wish) => {
      const text = textOfWish(wish);
      const { key } = kept.current?.text === text ? kept.current : { key: crypto.randomUUID() };
      kept.current = { text, key };
      try {
        const done = await deed(wish, key);
        kept.current = null;
        return done;
      } catch (error) {
        if (error instanceof Problem && error.status < 500) kept.current = null;
        throw error;
      }
    },
    onSuccess: (done, wish) => {
      onDone(done, wish);
      void queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'session' });
    },
  });
}
