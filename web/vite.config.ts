import { defineConfig } from 'vite';
import { LIMIT_MILLIS } from './test/limit.ts';

// Two entries: the viewer under a name that stays, for other people's pages, and the console's page.
export default defineConfig({
  base: './',
  root: 'src',
  publicDir: false,
  build: {
    outDir: '../target/dist',
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: false,
    assetsInlineLimit: 0,
    rolldownOptions: {
      input: { viewer: 'src/viewer/viewer.ts', console: 'src/console.html' },
      preserveEntrySignatures: 'strict',
      output: {
        entryFileNames: (chunk) => (chunk.name === 'viewer' ? 'viewer.js' : 'assets/[name]-[hash].js'),
        chunkFileNames: 'assets/[name]-[hash].js',
        assetFileNames: 'assets/[name]-[hash][extname]',
      },
    },
  },
  // Tests read the worked examples of docs/formats.
  server: { fs: { allow: ['..'] } },
  // A file whose tests need a page says so itself; a page costs each file a second.
  // The time limits end what hangs; a busy machine comes nowhere near them.
  test: {
    root: '.',
    environment: 'node',
    include: ['test/**/*.test.ts'],
    testTimeout: 2 * LIMIT_MILLIS,
    hookTimeout: 2 * LIMIT_MILLIS,
  },
} as Parameters<typeof defineConfig>[0]);
