/** Who is signed in as an operator, which no tenant's page lists, and the way to end it. */
import { nothing, type TemplateResult } from 'lit';
import { html } from '../../shared/html.ts';
import { Problem, type Api } from '../../shared/api.ts';
import { dateText, fullText, localZone, minuteText } from '../../shared/time.ts';
import type { ConsoleWords } from '../words.ts';

interface OperatorSession {
  id: string;
  kind: string;
  user: { id: string; name?: string };
  current?: boolean;
  created_at: string;
  expires_at: string;
}

export class OperatorSessions {
  #sessions: OperatorSession[] | null = null;

  async load(api: Api): Promise<void> {
    const { sessions } = await api.get<{ sessions: OperatorSession[] }>('/v1/sessions');
    this.#sessions = sessions.filter(({ kind }) => kind === 'operator');
  }

  render(words: ConsoleWords, end: (address: string) => void): TemplateResult {
    const title = words.t('system.sessions');
    return html`<section class="block">
      <h2>${title}</h2>
      ${
        this.#sessions?.length
          ? html`<div class="scroll" tabindex="0" role="region" aria-label=${title}>
              <table class="rows cards">
                <thead>
                  <tr>
                    <th scope="col">${words.t('access.name')}</th>
                    <th scope="col">${words.t('access.since')}</th>
                    <th scope="col">${words.t('access.until')}</th>
                    <th scope="col"><span class="visually-hidden">${words.t('actions')}</span></th>
                  </tr>
                </thead>
                <tbody>
                  ${this.#sessions.map((session) => this.#row(words, session, end))}
                </tbody>
              </table>
            </div>`
          : html`<div class="none">${this.#sessions ? words.t('system.sessions.none') : '…'}</div>`
      }
    </section>`;
  }

  #row(words: ConsoleWords, session: OperatorSession, end: (address: string) => void): TemplateResult {
    const name = session.user.name ?? session.user.id;
    const time = (text: string): TemplateResult => {
      const at = Date.parse(text);
      return html`<td>
        <span class="time" title=${fullText(at, localZone(), words.locale)}
          >${dateText(at, localZone(), words.locale)}, ${minuteText(at, localZone())}</span
        >
      </td>`;
    };
    return html`<tr data-session=${session.id}>
      <td>
        <strong>${name}</strong>${
          session.current ? html` <span class="tag good">${words.t('access.current')}</span>` : nothing
        }
      </td>
      ${time(session.created_at)}${time(session.expires_at)}
      <td class="actions">
        ${
          session.current
            ? nothing
            : html`<button class="button" @click=${() => end(`/v1/sessions/${encodeURIComponent(session.id)}`)}>
                <span>${words.t('access.end')}<span class="visually-hidden"> ${name}</span></span>
              </button>`
        }
      </td>
    </tr>`;
  }
}

/** Ends a session; one that is over already is what was asked for. */
export async function endSession(api: Api, address: string): Promise<void> {
  try {
    await api.send('DELETE', address);
  } catch (error) {
    if (!(error instanceof Problem) || error.status !== 404) throw error;
  }
}
