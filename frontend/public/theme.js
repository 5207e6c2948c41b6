// Runs before the first paint, so that a chosen look does not flash (src/shared/content/look.ts).
try {
  const look = JSON.parse(localStorage.getItem('djinn.look') || '{}');
  const root = document.documentElement;
  for (const name of ['density', 'motion', 'theme']) if (typeof look[name] === 'string') root.dataset[name] = look[name];
  if (typeof look.css === 'string') {
    const style = document.createElement('style');
    style.dataset.look = '';
    style.textContent = look.css;
    document.head.append(style);
  }
} catch {
  // Storage may be blocked; the system's preference is used then.
}
