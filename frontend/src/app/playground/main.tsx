import 'graphiql/setup-workers/vite';
import { explorerPlugin } from '@graphiql/plugin-explorer';
import { HISTORY_PLUGIN } from '@graphiql/plugin-history';
import { GraphiQL } from 'graphiql';
import { useEffect, useState } from 'react';
import { createRoot } from 'react-dom/client';
import 'graphiql/style.css';
import '@graphiql/plugin-explorer/style.css';
import './playground.css';
import { fetcher } from './fetcher';
import { findLanguage } from './language';
import { keepMended } from './mend';
import { spokenLanguage, t } from './texts';
import { themeNow } from './theme';

const welcome = (): string => `# ${t('playground.welcome')}
# ${t('playground.signInFirst')}
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

function Page() {
  const [spoken, setSpoken] = useState(spokenLanguage);
  useEffect(() => {
    findLanguage()
      .then(() => setSpoken(spokenLanguage()))
      .catch(() => undefined);
  }, []);
  useEffect(() => {
    document.documentElement.lang = spoken;
    document.title = `${t('nav.playground')} · ${t('app.name')}`;
  }, [spoken]);
  return (
    <main>
      <h1 className="djinn-title">{t('nav.playground')}</h1>
      <GraphiQL fetcher={fetcher} plugins={plugins} forcedTheme={themeNow()} defaultQuery={welcome()} {...(query ? { initialQuery: query, initialVariables: brought.get('variables') ?? '{}' } : {})} shouldPersistHeaders={false}>
        <GraphiQL.Logo>
          <a href="/" className="djinn-home">
            {t('app.name')}
          </a>
        </GraphiQL.Logo>
      </GraphiQL>
    </main>
  );
}

const box = document.getElementById('playground');
if (box) {
  keepMended();
  createRoot(box).render(<Page />);
}
