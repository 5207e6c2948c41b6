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

/**
 * Has the browser fetch the app while the page's first script, which asks for it, is still on its way.
 * After the style sheet: the first paint needs that and nothing else.
 */
function fetchAppEarly(): Plugin {
  return {
    name: 'fetch-app-early',
    transformIndexHtml: {
      order: 'post',
      handler(_html, { bundle, path }) {
        const chunks = Object.values(bundle ?? {}).filter((one) => one.type === 'chunk');
        const app = path === '/index.html' ? chunks.find((one) => one.facadeModuleId?.endsWith('/src/app/main.tsx')) : undefined;
        const first = new Set(chunks.flatMap((one) => (one.isEntry && one.name === 'index' ? [one.fileName, ...one.imports] : [])));
        const files = app ? [app.fileName, ...app.imports].filter((file) => !first.has(file)) : [];
        return files.map((file) => ({ tag: 'link', injectTo: 'head', attrs: { rel: 'modulepreload', crossorigin: true, fetchpriority: 'low', href: `/${file}` } }));
      },
    },
  };
}

const everyScreen = new RegExp(
  [
    'node_modules/(@tanstack/(?!virtual|react-virtual)|urql|@urql|wonka|@0no-co|lucide-react/dist/esm/(createLucideIcon|Icon|context|shared|icons/(check|copy|search|x)\\.))\\b',
    // Each part of the app brings its own English texts.
    'src/shared/content/(?!english/(?!shared\\.))',
    'src/shared/format/',
    'src/shared/api/(?!socket|stream|live|tokens|lock)',
    'src/shared/notices',
    'src/shared/ui/(Badge|Button|Heard|Loading|Mark|Notice|Spinner|ViewQuery|classes|reveal|useWide)\\.',
    'src/gql/(auth|content|tokens)\\.',
    // What addresses say, which the router reads.
    'src/features/(library/filters|insights/periods)\\.',
  ].join('|'),
);

const hub = process.env.HUB_URL ?? 'http://127.0.0.1:4199';

export default defineConfig({
  plugins: [dropPlaygroundFonts(), fetchAppEarly(), react(), tailwind()],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)), '#deploy': fileURLToPath(new URL('../deploy', import.meta.url)) } },
  build: {
    manifest: true,
    // All of these know it.
    modulePreload: { polyfill: false },
    target: ['chrome123', 'firefox124', 'safari17.5'],
    chunkSizeWarningLimit: 4000,
    rolldownOptions: {
      input: ['index.html', 'playground.html'],
      output: {
        codeSplitting: {
          groups: [
            // What the page's first script is made of, so that it waits for nothing else.
            { name: 'first', test: /src\/shared\/api\/(tokens|lock)\.|vite\/preload-helper|rolldown\/runtime/, priority: 3 },
            { name: 'react', test: /node_modules\/(react|react-dom|scheduler)\//, priority: 2 },
            // What every screen of the app is made of: two dozen files of a kilobyte each cost a phone
            // more in questions and answers than in bytes, and pack worse.
            { name: 'app', test: everyScreen, priority: 1 },
            // Lists of games and their covers: not for who signs in, or looks at the settings.
            { name: 'games', test: /src\/shared\/(covers|games)\//, priority: 1 },
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
