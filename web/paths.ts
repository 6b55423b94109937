// Every address of the console, by name. Links are made here and nowhere else; `routes.tsx` says what each one shows.
export const paths = {
  today: '/',
  signIn: '/sign-in',
} as const;
