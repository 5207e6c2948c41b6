const LEASE = 8_000;

/**
 * Runs one `work` at a time across tabs. Web Locks exist on https and localhost only, and many
 * hubs are reached by plain http in a home network, so a lease in localStorage stands in there.
 */
export async function withLock<T>(name: string, work: () => Promise<T>): Promise<T> {
  if (typeof navigator !== 'undefined' && navigator.locks) return navigator.locks.request(name, work) as Promise<T>;
  const key = `${name}.lease`;
  const mine = Math.random().toString(36).slice(2);
  try {
    const deadline = Date.now() + LEASE;
    while (Date.now() < deadline) {
      const [holder, until] = (localStorage.getItem(key) ?? '').split('|');
      if (holder === mine) break;
      if (!holder || Number(until) < Date.now()) localStorage.setItem(key, `${mine}|${Date.now() + LEASE}`);
      // Two tabs may write at the same moment: whoever is read back after a pause has it.
      await new Promise((resume) => setTimeout(resume, 40));
    }
  } catch {
    // No storage, so no other tab shares the login either.
  }
  const giveBack = () => {
    try {
      if (localStorage.getItem(key)?.startsWith(`${mine}|`)) localStorage.removeItem(key);
    } catch {
      // See above.
    }
  };
  // A page that goes away does not keep the next one waiting.
  addEventListener('pagehide', giveBack);
  try {
    return await work();
  } finally {
    removeEventListener('pagehide', giveBack);
    giveBack();
  }
}
