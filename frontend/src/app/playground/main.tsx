import 'graphiql/setup-workers/vite';
import { explorerPlugin } from '@graphiql/plugin-explorer';
import { HISTORY_PLUGIN } from '@graphiql/plugin-history';
import { GraphiQL } from 'graphiql';
import { createRoot } from 'react-dom/client';
import 'graphiql/style.css';
import '@graphiql/plugin-explorer/style.css';
import './playground.css';
import { fetcher } from './fetcher';
import { keepMended } from './mend';

const WELCOME = `# The whole hub is one graph. Everything the screens do, you can do here.
# Sign in to the library first; this page uses the same login.
query Hello {
  me {
    name
    role
  }
  libraryStats {
    games
    copies
    playtimeMinutes
  }
}
`;

// "View query" on the screens brings a document along; it stays on this side of the network.
const brought = new URLSearchParams(location.hash.slice(1));
const query = brought.get('query');
if (query) history.replaceState(null, '', '/playground');

const plugins = [HISTORY_PLUGIN, explorerPlugin({ showAttribution: false })];
const box = document.getElementById('playground');
if (box) {
  keepMended();
  createRoot(box).render(
    <main>
      <h1 className="djinn-title">Playground</h1>
      <GraphiQL fetcher={fetcher} plugins={plugins} defaultQuery={WELCOME} {...(query ? { initialQuery: query, initialVariables: brought.get('variables') ?? '{}' } : {})} shouldPersistHeaders={false}>
        <GraphiQL.Logo>
          <a href="/" className="djinn-home">
            Game Djinn
          </a>
        </GraphiQL.Logo>
      </GraphiQL>
    </main>,
  );
}
