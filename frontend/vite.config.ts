import { fileURLToPath } from 'node:url';
import tailwind from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/**
 * GraphiQL and Monaco inline some 35 fonts as base64 (350 kB of CSS). The playground uses the
 * system's own, so their @font-face blocks are dropped before the CSS is built.
 */
function dropPlaygroundFonts(): Plugin {
  return {
    name: 'drop-playground-fonts',
    enforce: 'pre',
    transform(code, id) {
      if (!id.includes('graphiql') || !/\.css(\?|$)/.test(id)) return null;
      return { code: code.replace(/@font-face\s*\{[^}]*\}/g, ''), map: null };
    },
  };
}

const everyScreen = new RegExp(
  [
    'node_modules/(@tanstack/(?!virtual|react-virtual)|urql|@urql|wonka|@0no-co|lucide-react/dist/esm/(createLucideIcon|Icon|context|shared))\\b',
    // Each part of the app brings its own English texts.
    'src/shared/content/(?!english/(?!shared\\.))',
    'src/shared/(covers|format|games)/',
    'src/shared/api/(?!socket|stream|live)',
    'src/shared/notices',
    'src/shared/ui/(Badge|Button|Heard|Mark|Notice|Spinner|ViewQuery|classes)\\.',
    'src/gql/(auth|content|tokens)\\.',
  ].join('|'),
);

const hub = process.env.HUB_URL ?? 'http://127.0.0.1:4199';

export default defineConfig({
  plugins: [dropPlaygroundFonts(), react(), tailwind()],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)), '#deploy': fileURLToPath(new URL('../deploy', import.meta.url)) } },
  build: {
    manifest: true,
    target: ['chrome123', 'firefox124', 'safari17.5'],
    chunkSizeWarningLimit: 4000,
    rolldownOptions: {
      input: ['index.html', 'playground.html'],
      output: {
        codeSplitting: {
          groups: [
            { name: 'react', test: /node_modules\/(react|react-dom|scheduler)\//, priority: 2 },
            // What every screen of the app is made of: two dozen files of a kilobyte each cost a phone
            // more in questions and answers than in bytes, and pack worse.
            { name: 'app', test: everyScreen, priority: 1 },
          ],
        },
      },
      onwarn(warning, warn) {
        // GraphiQL's files carry hints for a compiler that we do not run.
        if (warning.code !== 'MODULE_LEVEL_DIRECTIVE') warn(warning);
      },
    },
  },
  // The playground's workers are `?worker` imports, which the dev server's pre-bundling cannot read.
  optimizeDeps: { exclude: ['graphiql/setup-workers/vite', '@graphiql/react/setup-workers/vite'] },
  server: { fs: { allow: ['.', '../deploy'] }, proxy: { '/graphql': { target: hub, ws: true }, '/art': hub, '/ready': hub, '/health': hub } },
});
