// Node's flags as users run it: those of `npm run todoke`.
import { readFileSync } from 'node:fs';
import path from 'node:path';

const { scripts } = JSON.parse(readFileSync(path.join(import.meta.dirname, '..', 'package.json'), 'utf8')) as {
  scripts: { todoke: string };
};

export const FLAGS: readonly string[] = scripts.todoke.split(' ').filter((word) => word.startsWith('--'));
