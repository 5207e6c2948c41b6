/**
 * What GraphiQL and its editor leave undone for people who see little or use a screen reader. It is
 * mended in the page, because neither offers a setting for it.
 */
import { hex, readable, type Rgb } from './contrast';
import { t } from './texts';

function paperOf(editor: Element): Rgb | null {
  for (let box: Element | null = editor; box; box = box.parentElement) {
    const parts = /^rgba?\((\d+), (\d+), (\d+)(?:, ([\d.]+))?\)/.exec(getComputedStyle(box).backgroundColor);
    if (parts && parts[4] !== '0') return [Number(parts[1]), Number(parts[2]), Number(parts[3])];
  }
  return null;
}

const css = (colour: Rgb): string => `rgb(${colour.join(' ')})`;

/** Gives the editor's colours enough contrast, whatever theme it has. */
function mendColours(into: HTMLStyleElement): void {
  const editor = document.querySelector('.monaco-editor');
  const colours = [...document.querySelectorAll('.monaco-colors')].map((style) => style.textContent).join('\n');
  const paper = editor && paperOf(editor);
  if (!paper) return;
  const rules = [...colours.matchAll(/(\.mtk\d+) \{ color: (#[0-9a-f]{6})/gi)].map(([, name, colour]) => `.monaco-editor ${name} { color: ${css(readable(hex(colour as string), paper))} !important; }`);
  const number = css(readable([133, 133, 133], paper));
  const text = [...rules, `.monaco-editor .line-numbers { color: ${number} !important; }`].join('\n');
  if (into.textContent !== text) into.textContent = text;
}

function mendRoles(): void {
  // A tab that holds buttons is no tab: the list is a list, and its buttons say which one is open.
  for (const list of document.querySelectorAll('.graphiql-tabs[role=tablist]')) list.removeAttribute('role');
  for (const tab of document.querySelectorAll('.graphiql-tab')) {
    const open = tab.classList.contains('graphiql-tab-active');
    tab.removeAttribute('role');
    tab.removeAttribute('aria-selected');
    const button = tab.querySelector('button');
    if (open) button?.setAttribute('aria-current', 'true');
    else button?.removeAttribute('aria-current');
  }
  document.querySelector('#graphiql-session[role=tabpanel]')?.setAttribute('role', 'group');
  for (const select of document.querySelectorAll('.doc-explorer-title-bar ~ * select, .graphiql-explorer-root select, form > select')) if (!select.getAttribute('aria-label')) select.setAttribute('aria-label', t('playground.operation'));
  for (const input of document.querySelectorAll('.graphiql-explorer-root input:not([aria-label])')) input.setAttribute('aria-label', t('playground.value'));
}

/** Keeps the page mended while it changes. */
export function keepMended(): void {
  const style = document.head.appendChild(document.createElement('style'));
  let waiting = 0;
  const mend = () => {
    waiting = 0;
    mendColours(style);
    mendRoles();
  };
  const observer = new MutationObserver((changes) => {
    if (waiting || changes.every((change) => change.target === style)) return;
    waiting = requestAnimationFrame(mend);
  });
  observer.observe(document.documentElement, { subtree: true, childList: true, attributes: true, attributeFilter: ['class', 'role', 'aria-selected'] });
}
