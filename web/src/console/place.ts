/** Where somebody was when their session ended, so that signing in leads back, also by a link in another tab. */

const KEY = 'indelible:place';
/** Who comes back later than that begins anew. */
const KEPT_MILLIS = 12 * 3_600_000;

interface Kept {
  address: string;
  at: number;
}

export function keepPlace(address: string): void {
  try {
    localStorage.setItem(KEY, JSON.stringify({ address, at: Date.now() } satisfies Kept));
  } catch {
    // Then signing in leads to the first page.
  }
}

/** The address of a page of this console that was kept, once. */
export function takePlace(): string | null {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? 'null') as Kept | null;
    localStorage.removeItem(KEY);
    const isOurs = kept !== null && /^\/(t\/|tenants|system)/.test(kept.address);
    return isOurs && Date.now() - kept.at < KEPT_MILLIS ? kept.address : null;
  } catch {
    return null;
  }
}
