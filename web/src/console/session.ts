/** Who is signed in, and how: by the server's cookie. */
import { Api, Problem } from '../shared/api.ts';

export interface SessionTenant {
  id: string;
  name: string;
  profile?: string;
  permissions?: string[];
  /** The accounts whose entries are seen; null for the whole log. */
  accounts?: string[] | null;
}

export interface Session {
  kind: 'operator' | 'member' | 'key' | 'viewer' | 'auditor' | 'support';
  name: string;
  tenant?: string | null;
  tenants?: SessionTenant[];
  expires_at?: string | null;
  /** What all that is read is held to. */
  filter?: string | null;
  /** What is to stand over everything that an auditor looks at. */
  watermark?: string;
}

const KEY = 'indelible:key';

/**
 * The connection to the server. A server that has no sessions yet is called with the API key itself, which this tab
 * keeps until it is closed.
 */
export class Connection {
  api = new Api('', null);
  key: string | null = null;

  constructor() {
    try {
      this.key = sessionStorage.getItem(KEY);
    } catch {
      // A page that may store nothing is signed out when it is loaded again.
    }
    if (this.key) this.#withKey(this.key);
  }

  #withKey(key: string): void {
    this.key = key;
    this.api = new Api('', () => Promise.resolve(key));
  }

  /** The session, or null when nobody is signed in. */
  async current(): Promise<Session | null> {
    try {
      return await this.api.get<Session>('/v1/session');
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      if (error.status === 401) return null;
      if (error.status === 404 && this.key) return this.#ofKey();
      if (error.status === 404) return null;
      throw error;
    }
  }

  /** Signs in with the code of a link, or with a key. */
  async signIn(by: { code: string } | { key: string }): Promise<Session> {
    try {
      return await this.api.send<Session>('POST', '/v1/session', by);
    } catch (error) {
      if (!(error instanceof Problem) || error.status !== 404 || !('key' in by)) throw error;
    }
    this.#withKey(by.key);
    const session = await this.#ofKey();
    try {
      sessionStorage.setItem(KEY, by.key);
    } catch {
      // As above.
    }
    return session;
  }

  async signOut(): Promise<void> {
    if (this.key) {
      sessionStorage.removeItem(KEY);
      this.key = null;
      this.api = new Api('', null);
      return;
    }
    await this.api.send('DELETE', '/v1/session');
  }

  async #ofKey(): Promise<Session> {
    const who = await this.api.get<{ kind: 'operator' | 'key'; key_id?: string; tenant?: string | null }>('/v1/whoami');
    return { kind: who.kind, name: who.key_id ?? who.kind, tenant: who.tenant ?? null };
  }
}
