/** Who is signed in to the console now, and whom a product lets look. */
import { nothing, type TemplateResult } from 'lit';
import { html } from '../../shared/html.ts';
import { Problem } from '../../shared/api.ts';
import { AccessPage } from './access.ts';

interface OpenSession {
  id: string;
  kind: string;
  user: { id: string; name?: string };
  permissions?: string[];
  accounts?: string[];
  filter?: string;
  origins?: string[];
  created_at: string;
  expires_at: string;
  current: boolean;
}

export class SessionsPage extends AccessPage {
  override readonly tab = 'sessions';
  #sessions: OpenSession[] | null = null;
  #viewers: OpenSession[] | null = null;

  /** Keys alone see what they let look; the console is signed in by one, or is a person's. */
  get #isKey(): boolean {
    return (this.app.isOperator || this.app.session?.kind === 'key') && this.may('audit.view');
  }

  override async load(): Promise<void> {
    const [console, viewers] = await Promise.all([
      this.api.get<{ sessions: OpenSession[] }>('/v1/sessions', { tenant: this.tenant }),
      this.#isKey ? this.api.get<{ viewer_sessions: OpenSession[] }>(this.path('/viewer-sessions')) : null,
    ]);
    this.#sessions = console.sessions;
    this.#viewers = viewers?.viewer_sessions ?? null;
  }

  override render(): TemplateResult {
    const words = this.words;
    return this.frame(
      words.t('sessions.title'),
      words.t('sessions.about'),
      nothing,
      html` ${this.#renderSessions()} ${this.#isKey ? this.#renderViewers() : nothing}`,
    );
  }

  /** Sessions of the console. */
  #renderSessions(): TemplateResult {
    const words = this.words;
    return this.renderTable(
      words.t('access.sessions'),
      [words.t('access.name'), words.t('access.since'), words.t('access.until'), ''],
      this.#sessions?.map(
        (session) =>
          html`<tr>
            <td>
              <strong>${session.user.name ?? session.user.id}</strong>
              <span class="tag">${words.maybe(`sessions.kind.${session.kind}`, session.kind)}</span
              >${session.current ? html` <span class="tag good">${words.t('access.current')}</span>` : nothing}
            </td>
            ${this.#renderTimes(session)}
            <td class="actions">
              ${
                session.current
                  ? nothing
                  : this.#renderEndButton(session, `/v1/sessions/${encodeURIComponent(session.id)}`)
              }
            </td>
          </tr>`,
      ) ?? null,
      words.t('access.sessions.none'),
    );
  }

  /** Sessions of viewers in products. */
  #renderViewers(): TemplateResult {
    const words = this.words;
    return this.renderTable(
      words.t('sessions.viewers'),
      [words.t('access.name'), words.t('guests.reads'), words.t('access.since'), words.t('access.until'), ''],
      this.#viewers?.map(
        (session) =>
          html`<tr>
            <td>
              <strong>${session.user.name ?? session.user.id}</strong>${
                session.origins?.length ? html`<br /><span class="muted">${session.origins.join(', ')}</span>` : nothing
              }
            </td>
            <td>
              ${this.renderPermissionTags(session.permissions ?? [])}${
                session.accounts
                  ? html`<br /><span class="muted"
                        >${words.t('guests.within', { accounts: session.accounts.join(', ') })}</span
                      >`
                  : nothing
              }${session.filter ? html`<br /><code>${session.filter}</code>` : nothing}
            </td>
            ${this.#renderTimes(session)}
            <td class="actions">
              ${this.#renderEndButton(session, this.path(`/viewer-sessions/${encodeURIComponent(session.id)}`))}
            </td>
          </tr>`,
      ) ?? null,
      words.t('sessions.viewers.none'),
    );
  }

  #renderTimes(session: OpenSession): TemplateResult {
    return html`<td>${this.renderTime(session.created_at)}</td>
      <td>${this.renderTime(session.expires_at)}</td>`;
  }

  /** A session that ends is no change of the log's rules: it needs no reason and makes no entry. */
  #renderEndButton(session: OpenSession, address: string): TemplateResult {
    return this.rowButton(this.words.t('access.end'), session.user.name ?? session.user.id, () => {
      void this.#end(address);
    });
  }

  async #end(address: string): Promise<void> {
    let problem: Problem | null = null;
    try {
      await this.api.send('DELETE', address);
    } catch (error) {
      problem = error instanceof Problem ? error : new Problem(0, 'unknown', String(error));
    }
    await this.reload();
    // One that is over already is what was asked for.
    if (problem && problem.status !== 404) this.problem = problem;
    this.app.requestUpdate();
  }
}
