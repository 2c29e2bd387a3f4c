/**
 * Takes what the query finds away as a file. The server writes it; this reads it piece by piece and hands each piece
 * on, so that no more than one is in the page's memory: to the file itself where the browser lets a page write one
 * (File System Access), else to a Blob, which the browser keeps, and which has a limit.
 */
import { Problem, type Api, type Parameters } from '../shared/api.ts';
import { dayStamp } from '../shared/time.ts';

/** The most bytes of a file that is put together as a Blob. */
export const BLOB_LIMIT_BYTES = 512 * 1024 * 1024;
/** So many bytes are given to the browser at once. */
const FOLD_BYTES = 4 * 1024 * 1024;
const REPORT_MILLIS = 100;
/** The lines of a copy of the log that are not entries. */
const LINES_AROUND = 2;
const NEWLINE = 10;
const QUOTE = 34;

export const FORMATS = ['csv', 'json', 'ndjson'] as const;
export type Format = (typeof FORMATS)[number];

const TYPES: Record<Format, string> = { csv: 'text/csv', json: 'application/json', ndjson: 'application/x-ndjson' };

export type ExportState =
  | { kind: 'none' }
  | { kind: 'running'; entries: number; total: number; bytes: number }
  | { kind: 'done'; entries: number; bytes: number; name: string }
  | { kind: 'stopped' }
  | { kind: 'failed'; code: string; detail: string };

/** Where the bytes go. */
interface Sink {
  write(bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  close(): Promise<void>;
  abort(): Promise<void>;
}

interface FileHandle {
  createWritable(): Promise<Sink>;
}

type Picker = (options: { suggestedName: string; types: unknown[] }) => Promise<FileHandle>;

/** Whether the file can be written as it comes, and has no limit in the page. */
export function writesFiles(): boolean {
  return 'showSaveFilePicker' in window && isSecureContext;
}

/** Tenant and window; the server calls it the same. */
export function fileName(tenant: string, from: number | null, to: number | null, zone: string, format: Format): string {
  const part = (name: string, instant: number | null): string =>
    instant === null ? '' : `-${name}-${dayStamp(instant, zone)}`;
  return `${tenant}${part('from', from)}${part('to', to)}.${format}`;
}

class BlobSink implements Sink {
  #parts: Blob[] = [];
  #loose: Uint8Array<ArrayBuffer>[] = [];
  #looseBytes = 0;
  #bytes = 0;

  constructor(
    private readonly name: string,
    private readonly type: string,
  ) {}

  async write(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    this.#bytes += bytes.length;
    if (this.#bytes > BLOB_LIMIT_BYTES) throw new Problem(0, 'too_large', '');
    this.#loose.push(bytes);
    this.#looseBytes += bytes.length;
    if (this.#looseBytes >= FOLD_BYTES) this.#fold();
  }

  #fold(): void {
    this.#parts.push(new Blob(this.#loose));
    this.#loose = [];
    this.#looseBytes = 0;
  }

  async close(): Promise<void> {
    this.#fold();
    const url = URL.createObjectURL(new Blob(this.#parts, { type: this.type }));
    const link = document.createElement('a');
    link.href = url;
    link.download = this.name;
    link.click();
    // The browser has to have begun to save it.
    setTimeout(() => URL.revokeObjectURL(url), 60_000);
  }

  async abort(): Promise<void> {
    this.#parts = [];
    this.#loose = [];
  }
}

/** Counts entries by the ends of lines, but for those within quoted cells. */
class EntryCounter {
  #quoted = false;
  #lines = 0;

  constructor(private readonly format: Format) {}

  add(bytes: Uint8Array): void {
    for (const byte of bytes) {
      if (byte === QUOTE && this.format === 'csv') this.#quoted = !this.#quoted;
      else if (byte === NEWLINE && !this.#quoted) this.#lines++;
    }
  }

  /** A CSV begins with its headings, an array with its bracket. */
  get entries(): number {
    return Math.max(0, this.#lines - (this.format === 'ndjson' ? 0 : 1));
  }
}

export class Exporter {
  state: ExportState = { kind: 'none' };
  #running: AbortController | null = null;
  #reported = 0;

  constructor(private readonly changed: () => void) {}

  get isRunning(): boolean {
    return this.#running !== null;
  }

  /**
   * To be called by a click: browsers ask for a file only then. A copy of the whole log (`header`) has a form of its
   * own, with a line before and one behind its entries.
   */
  async start(api: Api, path: string, asked: Parameters, name: string, format: Format): Promise<void> {
    if (this.#running) return;
    const running = new AbortController();
    this.#running = running;
    let sink: Sink | null = null;
    try {
      sink = await this.#sink(name, format);
      if (!sink) return;
      this.#show({ kind: 'running', entries: 0, total: 0, bytes: 0 });
      await this.#copy(
        await api.fetch(api.url(path, 'header' in asked ? asked : { ...asked, format }), { signal: running.signal }),
        sink,
        name,
        format,
      );
    } catch (error) {
      await sink?.abort().catch(() => undefined);
      if (running.signal.aborted) this.#show({ kind: 'stopped' });
      else if (error instanceof Problem) this.#show({ kind: 'failed', code: error.code, detail: error.detail });
      else this.#show({ kind: 'failed', code: 'broken', detail: String(error) });
    } finally {
      this.#running = null;
      this.changed();
    }
  }

  stop(): void {
    this.#running?.abort();
  }

  dismiss(): void {
    this.#show({ kind: 'none' });
  }

  /** Null when the reader thought better of it. */
  async #sink(name: string, format: Format): Promise<Sink | null> {
    if (writesFiles()) {
      try {
        const pick = (window as unknown as { showSaveFilePicker: Picker }).showSaveFilePicker.bind(window);
        const handle = await pick({ suggestedName: name, types: [{ accept: { [TYPES[format]]: [`.${format}`] } }] });
        return await handle.createWritable();
      } catch (error) {
        if ((error as Error).name === 'AbortError') return null;
        // In a frame of another origin a page may not ask for a file.
      }
    }
    return new BlobSink(name, TYPES[format]);
  }

  async #copy(response: Response, sink: Sink, name: string, format: Format): Promise<void> {
    const total = Number(response.headers.get('X-Total-Count') ?? 0);
    const counter = new EntryCounter(format);
    let bytes = 0;
    // Spreadsheets take a file without this mark for one in an older encoding.
    if (format === 'csv') await sink.write(Uint8Array.of(0xef, 0xbb, 0xbf));
    const reader = response.body!.getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      counter.add(value);
      bytes += value.length;
      await sink.write(value);
      this.#report({
        kind: 'running',
        entries: total ? Math.min(counter.entries, total) : counter.entries,
        total,
        bytes,
      });
    }
    await sink.close();
    this.#show({ kind: 'done', entries: total || Math.max(0, counter.entries - LINES_AROUND), bytes, name });
  }

  #report(state: ExportState): void {
    this.state = state;
    if (performance.now() - this.#reported > REPORT_MILLIS) this.#show(state);
  }

  #show(state: ExportState): void {
    this.state = state;
    this.#reported = performance.now();
    this.changed();
  }
}
