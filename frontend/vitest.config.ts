import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)), '#deploy': fileURLToPath(new URL('../deploy', import.meta.url)) } },
  // The files under deploy/ are outside of this folder.
  server: { fs: { allow: ['.', '../deploy'] } },
  test: { environment: 'jsdom', include: ['src/**/*.test.{ts,tsx}'], setupFiles: ['./src/test-setup.ts'] },
});
