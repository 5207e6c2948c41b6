import glance from '#deploy/glance/game-djinn.yml?raw';
import homeAssistant from '#deploy/home-assistant/game_djinn.yaml?raw';
import homepage from '#deploy/homepage/services.yaml?raw';
import nodeRed from '#deploy/node-red/flow.json?raw';
import { t } from './texts';

/** The address that the files under `deploy/` have in place of the hub's. */
const PLACE = 'http://game-djinn.local:8000';

export type Snippet = {
  id: string;
  name: string;
  file: string;
  text: string;
  /** The same with what changes something on the hub, for those files that have it. */
  withCommands: string | null;
  /** Where the key goes, and as what. */
  secret: { into: string; line: (key: string) => string };
};

/** The package without what is done already where it is handed out, and without its commands unless they are wanted. */
function homeAssistantFor(commands: boolean): string {
  const text = homeAssistant
    .replace(/^# 2\. In secrets\.yaml, with a key[^]*?^# {6}game_djinn_bearer:.*\n/m, '# 2. Into secrets.yaml: the line game_djinn_bearer, with your key.\n')
    .replace(/^# 3\. Put your hub's address.*\n/m, '')
    .replace(/^#\n# Settings > Home automation.*\n/m, '');
  return commands ? text : text.replace(', and two commands.', '').replace(/\n^rest_command:[^]*$/m, '');
}

/** The files of `deploy/`, with this hub's address in them. Keys stay out of them. */
export const snippets = (origin: string): Snippet[] =>
  [
    { id: 'home-assistant', name: 'Home Assistant', file: 'game_djinn.yaml', text: homeAssistantFor(false), withCommands: homeAssistantFor(true), secret: { into: 'secrets.yaml', line: (key: string) => `game_djinn_bearer: "Bearer ${key}"` } },
    { id: 'homepage', name: 'Homepage', file: 'services.yaml', text: homepage, withCommands: null, secret: { into: t('settings.envHomepage'), line: (key: string) => `HOMEPAGE_VAR_GAME_DJINN_KEY=${key}` } },
    { id: 'glance', name: 'Glance', file: 'game-djinn.yml', text: glance, withCommands: null, secret: { into: t('settings.envHomepage'), line: (key: string) => `GAME_DJINN_KEY=${key}` } },
    { id: 'node-red', name: 'Node-RED', file: 'game-djinn.json', text: nodeRed, withCommands: null, secret: { into: t('settings.envTab'), line: (key: string) => `GAME_DJINN_KEY=${key}` } },
  ].map((snippet) => ({ ...snippet, text: snippet.text.replaceAll(PLACE, origin), withCommands: snippet.withCommands?.replaceAll(PLACE, origin) ?? null }));

/** Whether an address leads back to the machine that asks, so that no other one finds the hub by it. */
export const leadsBack = (host: string): boolean => /^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])$/.test(host);
