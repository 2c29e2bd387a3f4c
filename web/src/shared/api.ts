/** Calls of the public API: addresses, tokens, problems (RFC 9457), server-sent events. */
import { parseExact, stringifyExact } from './exact.ts';

/** An answer that is not a success; `code` is stable, `detail` is for people. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
    readonly body: Record<string, unknown> = {},
  ) {
    super(detail);
  }

  get column(): number | undefined {
    return typeof this.body['column'] === 'number' ? this.body['column'] : undefined;
  }

  get length(): number {
    return typeof this.body['length'] === 'number' ? this.body['length'] : 1;
  }

  get requestId(): string {
    return String(this.body['request_id'] ?? '');
  }
}

export type Parameters = Record<string, string | number | boolean | null | undefined>;

/** Gives a token; asked again with `true` when the one before was refused. */
export type TokenSource = (refused: boolean) => Promise<string>;

/** How often the server gives a sign of life on a stream, doubled: longer silence is a lost connection. */
const STREAM_SILENCE_MILLIS = 45_000;
/** So far a device's clock may be from the server's and counts as right. */
export const CLOCK_TOLERANCE_MILLIS = 120_000;

export class Api {
  /** When the last change was answered, by the server's clock to the second. */
  changedAt = 0;
  /** Why it was made, as its entry says too; empty without a reason. */
  changedReason = '';
  /** How far this device's clock is ahead of the server's; negative when it is behind, 0 when it is right. */
  clockWrongMillis = 0;
  #token: string | null = null;
  /** The token that is being asked for, whoever needs it first. */
  #asking: Promise<string> | null = null;

  /**
   * @param base address of the server without a slash at the end, empty for the page's own
   * @param tokens where tokens come from; null when the browser's cookie signs in
   */
  constructor(
    readonly base: string,
    private readonly tokens: TokenSource | null,
  ) {}

  /** The time, by the server's clock where this device's is wrong. */
  now(): number {
    return Date.now() - this.clockWrongMillis;
  }

  url(path: string, parameters: Parameters = {}): string {
    const pairs = Object.entries(parameters).filter(
      ([, value]) => value !== undefined && value !== null && value !== '',
    );
    const query = new URLSearchParams(pairs.map(([name, value]) => [name, String(value)])).toString();
    return this.base + path + (query ? `?${query}` : '');
  }

  async get<T>(path: string, parameters: Parameters = {}, signal?: AbortSignal): Promise<T> {
    const response = await this.fetch(this.url(path, parameters), signal ? { signal } : {});
    return parseExact(await response.text()) as T;
  }

  async text(path: string, signal?: AbortSignal): Promise<string> {
    return (await this.fetch(this.url(path), signal ? { signal } : {})).text();
  }

  async bytes(path: string, signal?: AbortSignal): Promise<Uint8Array> {
    const response = await this.fetch(this.url(path), signal ? { signal } : {});
    return new Uint8Array(await response.arrayBuffer());
  }

  /** The answer to a question that is put in a body and changes nothing. */
  async ask<T>(path: string, body: unknown): Promise<T> {
    return parseExact(await (await this.#sent('POST', path, body)).text()) as T;
  }

  async send<T>(method: string, path: string, body?: unknown, parameters: Parameters = {}): Promise<T> {
    const response = await this.#sent(method, path, body, parameters);
    this.changedAt = Date.parse(response.headers.get('Date') ?? '') || Date.now();
    const reason = (body as { reason?: unknown } | undefined)?.reason ?? parameters['reason'];
    this.changedReason = typeof reason === 'string' ? reason.trim() : '';
    const text = await response.text();
    return (text ? parseExact(text) : undefined) as T;
  }

  #sent(method: string, path: string, body: unknown, parameters: Parameters = {}): Promise<Response> {
    return this.fetch(this.url(path, parameters), {
      method,
      ...(body === undefined ? {} : { body: stringifyExact(body), headers: { 'Content-Type': 'application/json' } }),
    });
  }

  /** The answer when it is a success; otherwise throws a {@link Problem}. */
  async fetch(url: string, init: RequestInit = {}): Promise<Response> {
    const token = await this.#tokenBut(null);
    let response = await this.#attempt(url, init, token);
    if (response.status === 401 && this.tokens) {
      response = await this.#attempt(url, init, await this.#tokenBut(token));
    }
    if (!response.ok) {
      throw await problemOf(response);
    }
    return response;
  }

  async #attempt(url: string, init: RequestInit, token: string | null): Promise<Response> {
    const headers = new Headers(init.headers);
    if (token !== null) headers.set('Authorization', `Bearer ${token}`);
    try {
      const response = await fetch(url, {
        ...init,
        headers,
        credentials: this.tokens ? 'omit' : 'same-origin',
        cache: 'no-store',
      });
      this.#compareClocks(response);
      return response;
    } catch (error) {
      if (init.signal?.aborted) throw error;
      throw new Problem(0, 'unreachable', String(error));
    }
  }

  /** One token for all requests that need one, other than the one that was refused; null where none is needed. */
  async #tokenBut(refused: string | null): Promise<string | null> {
    if (!this.tokens) return null;
    if (this.#token !== null && this.#token !== refused) return this.#token;
    this.#asking ??= this.tokens(refused !== null).finally(() => (this.#asking = null));
    return (this.#token = await this.#asking);
  }

  #compareClocks(response: Response): void {
    const server = Date.parse(response.headers.get('Date') ?? '');
    if (Number.isNaN(server)) return;
    const ahead = Date.now() - server;
    this.clockWrongMillis = Math.abs(ahead) > CLOCK_TOLERANCE_MILLIS ? ahead : 0;
  }

  /**
   * Reads a stream of server-sent events until it ends or is aborted; with `fetch` and not
   * `EventSource`, which cannot send a token.
   */
  async stream(
    path: string,
    parameters: Parameters,
    signal: AbortSignal,
    on: { open(): void; event(name: string, data: string, id: string): void },
  ): Promise<void> {
    const response = await this.fetch(this.url(path, parameters), {
      signal,
      headers: { Accept: 'text/event-stream' },
    });
    const reader = response.body!.getReader();
    on.open();
    const parser = new EventStreamParser(on.event);
    const decoder = new TextDecoder();
    for (;;) {
      let timer: ReturnType<typeof setTimeout> | undefined;
      const silence = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new Problem(0, 'unreachable', 'silence')), STREAM_SILENCE_MILLIS);
      });
      try {
        const { done, value } = await Promise.race([reader.read(), silence]);
        if (done) return;
        parser.push(decoder.decode(value, { stream: true }));
      } catch (error) {
        await reader.cancel().catch(() => undefined);
        throw error;
      } finally {
        clearTimeout(timer);
      }
    }
  }
}

/** Takes a stream apart into events (WHATWG HTML, section 9.2). */
export class EventStreamParser {
  #rest = '';
  #name = '';
  #data: string[] = [];
  #id = '';

  constructor(private readonly emit: (name: string, data: string, id: string) => void) {}

  push(text: string): void {
    const lines = (this.#rest + text).split(/\r\n|\n|\r/);
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#line(line);
  }

  #line(line: string): void {
    if (line === '') {
      if (this.#data.length) this.emit(this.#name || 'message', this.#data.join('\n'), this.#id);
      this.#name = '';
      this.#data = [];
      return;
    }
    const colon = line.indexOf(':');
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'event') this.#name = value;
    else if (field === 'data') this.#data.push(value);
    else if (field === 'id') this.#id = value;
  }
}

async function problemOf(response: Response): Promise<Problem> {
  try {
    const body = (await response.json()) as Record<string, unknown>;
    return new Problem(
      response.status,
      String(body['code'] ?? 'unknown'),
      String(body['detail'] ?? response.statusText),
      body,
    );
  } catch {
    return new Problem(response.status, 'unknown', response.statusText || `HTTP ${response.status}`);
  }
}

export function tenantPath(tenant: string, rest = ''): string {
  return `/v1/tenants/${encodeURIComponent(tenant)}${rest}`;
}
