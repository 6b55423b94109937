// How the console is built: everything it needs is in `dist`, nothing is fetched from elsewhere and nothing is inline,
// so that a strict Content-Security-Policy holds.
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import type { PluginOption } from 'vite';

/** Every browser that runs this reads WOFF2: the WOFF copy of each font slice stays out of the build. */
const onlyWoff2: PluginOption = {
  name: 'only-woff2',
  enforce: 'pre',
  transform: {
    filter: { id: /@fontsource\/.*\.css$/ },
    handler: (css) => css.replaceAll(/,\s*url\([^)]*\.woff\) format\('woff'\)/g, ''),
  },
};

export const plugins: PluginOption[] = [react(), tailwindcss(), onlyWoff2];

export default defineConfig({
  root: import.meta.dirname,
  plugins,
  build: { assetsInlineLimit: 0, target: 'es2023', modulePreload: { polyfill: false }, reportCompressedSize: false },
  server: { proxy: { '/api': 'http://127.0.0.1:8080' } },
});
