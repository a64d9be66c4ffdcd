import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { usedStyles } from './usedStyles.ts';

const CLIENT = fileURLToPath(new URL('.', import.meta.url));

/** These know `light-dark()`: for older ones it is rewritten into what does not follow Mantine’s colour scheme. */
const CSS_TARGETS = ['chrome123', 'edge123', 'firefox120', 'safari17.5'];

/** The pages' frame, and the dashboard in it. */
const FIRST_SCREEN = /\/client\/(main\.tsx|app\/(?!OrganizationSelect)|screens\/dashboard\/(?!drawVolume))/;

export default defineConfig({
  root: CLIENT,
  plugins: [react(), usedStyles(CLIENT)],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2023',
    cssTarget: CSS_TARGETS,
    sourcemap: false,
    manifest: true,
    // Of the shell, before compression: what counts is measured by `npm run bench -- client`.
    chunkSizeWarningLimit: 800,
    rolldownOptions: {
      output: {
        // What the first screen needs comes in one file: each small one costs a request, and its headers.
        codeSplitting: {
          groups: [{ name: 'shell', test: FIRST_SCREEN, includeDependenciesRecursively: true }],
        },
      },
    },
  },
  worker: { format: 'es' },
});
