import { describe, expect, it } from 'vitest';
import { leadsBack, snippets } from './snippets';

const origin = 'https://games.example';
const offered = snippets(origin);
const packageOf = (commands: boolean): string => {
  const found = offered.find((snippet) => snippet.id === 'home-assistant');
  return (commands ? found?.withCommands : found?.text) ?? '';
};

describe('the files for other programs', () => {
  it('have this hub’s address, and none of the place that stands for it', () => {
    for (const { text, withCommands } of offered) {
      expect(text + withCommands).toContain(`${origin}/q/`);
      expect(text + withCommands).not.toContain('game-djinn.local');
    }
  });

  it('do not ask for what is done already', () => {
    for (const text of [packageOf(false), packageOf(true)]) {
      expect(text).not.toMatch(/gd_|Put your hub|Settings > /);
      expect(text).toMatch(/^# 1\. Put this file[^]*^# 2\. Into secrets\.yaml/m);
      expect(text).toMatch(/\n\nrest:\n/);
    }
  });

  it('have commands only for a key that may run them', () => {
    expect(packageOf(false)).not.toMatch(/rest_command|command|\/api\//);
    expect(packageOf(false)).toMatch(/value_template: .*\n$/);
    expect(packageOf(true)).toContain('rest_command:');
    expect(packageOf(true)).toContain(`${origin}/api/games/{{ game_id }}`);
  });
});

describe('an address', () => {
  it('that leads back to one’s own machine is known', () => {
    expect(['localhost', '127.0.0.1', '[::1]', 'djinn.localhost'].every(leadsBack)).toBe(true);
    expect(['djinn.local', '192.168.1.7', 'localhost.example'].some(leadsBack)).toBe(false);
  });
});
