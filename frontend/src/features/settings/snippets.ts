import glance from '#deploy/glance/game-djinn.yml?raw';
import homeAssistant from '#deploy/home-assistant/game_djinn.yaml?raw';
import homepage from '#deploy/homepage/services.yaml?raw';
import nodeRed from '#deploy/node-red/flow.json?raw';

/** The address that the files under `deploy/` have in place of the hub's. */
const PLACE = 'http://game-djinn.local:8000';

export type Snippet = { id: string; name: string; file: string; text: string; /** Where the key goes, and as what. */ secret: { into: string; line: (key: string) => string } };

/** The files of `deploy/`, with this hub's address in them. Keys stay out of them. */
export const snippets = (origin: string): Snippet[] =>
  [
    { id: 'home-assistant', name: 'Home Assistant', file: 'game_djinn.yaml', text: homeAssistant, secret: { into: 'secrets.yaml', line: (key: string) => `game_djinn_bearer: "Bearer ${key}"` } },
    { id: 'homepage', name: 'Homepage', file: 'services.yaml', text: homepage, secret: { into: 'its environment', line: (key: string) => `HOMEPAGE_VAR_GAME_DJINN_KEY=${key}` } },
    { id: 'glance', name: 'Glance', file: 'game-djinn.yml', text: glance, secret: { into: 'its environment', line: (key: string) => `GAME_DJINN_KEY=${key}` } },
    { id: 'node-red', name: 'Node-RED', file: 'game-djinn.json', text: nodeRed, secret: { into: 'the tab’s environment', line: (key: string) => `GAME_DJINN_KEY=${key}` } },
  ].map((snippet) => ({ ...snippet, text: snippet.text.replaceAll(PLACE, origin) }));
