/** Streams as the server tells of them, and what the form makes of one; no page is needed here. */

export const FORMATS = ['native', 'cloudevents', 'ocsf', 'ecs', 'cef', 'leef', 'custom'] as const;
export type Format = (typeof FORMATS)[number];

export const DESTINATIONS = ['webhook', 'syslog', 'splunk_hec', 'opensearch', 's3', 'kafka', 'otlp', 'file'] as const;
export type DestinationType = (typeof DESTINATIONS)[number];

/** Those that write where only the operator may. */
const OPERATORS_OWN: readonly DestinationType[] = ['file'];

export type State = 'active' | 'waiting' | 'failing' | 'parked' | 'paused';

export interface Status {
  next_seq?: number;
  lag_entries?: number;
  lag_seconds?: number;
  last_error?: string | null;
  next_attempt_at?: string | null;
  sent?: number;
  dead_letters?: number;
  entries_per_second?: number;
  last_taken_at?: string | null;
}

/** A destination without its secrets. */
export type Destination = { type: DestinationType } & Record<string, unknown>;

export interface Stream {
  id: string;
  name: string;
  query?: string | null;
  format: Format;
  map?: string | null;
  destination: Destination;
  limits?: { batch_entries?: number; batch_bytes?: number; message_bytes?: number } | null;
  state: State;
  status?: Status;
  paused_because?: string | null;
  maker?: { kind?: string; id?: string; name?: string } | null;
  created_at?: string;
  withheld?: boolean;
}

export interface Batch {
  number: number;
  first_seq: number;
  last_seq: number;
  matched: number;
  sent: number;
  acknowledged?: number | null;
  written?: number | null;
  dead_letters?: number;
  purged?: number;
  replay?: boolean;
  repeated?: boolean;
  /** Whether it may have arrived in part before it was put together anew under the next number. */
  abandoned?: boolean;
  attempts?: number;
  sha256?: string;
  at: string;
}

export interface Undelivered {
  from_seq: number;
  to_seq: number;
  why: string;
  count: number;
}

export interface DeadLetter {
  seq: number;
  entry_id: string;
  reason: string;
  at: string;
}

/** How a setting of a destination is asked for. */
export interface Field {
  name: string;
  kind: 'text' | 'url' | 'number' | 'secret' | 'pem' | 'lines' | 'box' | 'choice';
  choices?: readonly string[];
  optional?: boolean;
  hint?: string;
  begins?: string;
}

const ADDRESS: Field = { name: 'url', kind: 'url', hint: 'https://siem.example.com/audit' };
const HEADERS: Field = { name: 'headers', kind: 'lines', optional: true, hint: 'X-Team: security' };
const TRUSTED: Field = { name: 'ca', kind: 'pem', optional: true };

/** The settings of each destination, in the order of the form. */
export const FIELDS: Record<DestinationType, readonly Field[]> = {
  webhook: [ADDRESS, { name: 'signature', kind: 'choice', choices: ['v1', 'v1a'], begins: 'v1' }, HEADERS],
  syslog: [
    { name: 'host', kind: 'text', hint: 'syslog.example.com' },
    { name: 'port', kind: 'number', begins: '6514' },
    { name: 'transport', kind: 'choice', choices: ['tls', 'tcp'], begins: 'tls' },
    { name: 'server_name', kind: 'text', optional: true },
    TRUSTED,
    { name: 'client_cert', kind: 'pem', optional: true },
    { name: 'client_key', kind: 'secret', optional: true },
    { name: 'facility', kind: 'number', optional: true, hint: '13' },
    { name: 'host_name', kind: 'text', optional: true },
    { name: 'app_name', kind: 'text', optional: true, hint: 'indelible' },
  ],
  splunk_hec: [
    { ...ADDRESS, hint: 'https://splunk.example.com:8088' },
    { name: 'token', kind: 'secret' },
    { name: 'index', kind: 'text', optional: true },
    { name: 'sourcetype', kind: 'text', optional: true },
    { name: 'source', kind: 'text', optional: true },
    { name: 'acknowledge', kind: 'box' },
    TRUSTED,
  ],
  opensearch: [
    { ...ADDRESS, hint: 'https://search.example.com:9200' },
    { name: 'index', kind: 'text', begins: 'audit-%Y.%m.%d' },
    { name: 'user', kind: 'text', optional: true },
    { name: 'password', kind: 'secret', optional: true },
    { name: 'api_key', kind: 'secret', optional: true },
    { name: 'install_template', kind: 'box', begins: 'true' },
    TRUSTED,
  ],
  s3: [
    { name: 'bucket', kind: 'text' },
    { name: 'prefix', kind: 'text', optional: true, hint: 'audit' },
    { name: 'region', kind: 'text', hint: 'eu-central-1' },
    { name: 'endpoint', kind: 'url', optional: true },
    { name: 'access_key', kind: 'text' },
    { name: 'secret', kind: 'secret' },
    { name: 'path_style', kind: 'box' },
    { name: 'compression', kind: 'choice', choices: ['zstd', 'gzip', 'none'], begins: 'zstd' },
  ],
  kafka: [
    { name: 'bootstrap_servers', kind: 'text', hint: 'kafka-1:9093,kafka-2:9093' },
    { name: 'topic', kind: 'text', hint: 'audit' },
    { name: 'security', kind: 'choice', choices: ['tls', 'sasl_ssl', 'plaintext'], begins: 'tls' },
    { name: 'sasl_mechanism', kind: 'text', optional: true, hint: 'SCRAM-SHA-512' },
    { name: 'user', kind: 'text', optional: true },
    { name: 'password', kind: 'secret', optional: true },
    TRUSTED,
  ],
  otlp: [
    { ...ADDRESS, hint: 'https://collector.example.com:4318/v1/logs' },
    { name: 'protocol', kind: 'choice', choices: ['protobuf', 'json'], begins: 'protobuf' },
    { name: 'authorization', kind: 'secret', optional: true },
    HEADERS,
    TRUSTED,
  ],
  file: [
    { name: 'path', kind: 'text', hint: 'acme/audit.ndjson' },
    { name: 'rotate_bytes', kind: 'number', optional: true, hint: '104857600' },
    { name: 'rotate_daily', kind: 'box' },
    { name: 'keep', kind: 'number', optional: true, hint: '30' },
  ],
};

/** An entry in each format, shortened. */
export const EXAMPLES: Record<Exclude<Format, 'custom'>, string> = {
  native: `{"id":"0193…","tenant":"acme","seq":4711,
 "recorded_at":"2026-11-20T10:00:00.000Z",
 "action":"user.role_changed",
 "actor":{"type":"user","id":"u_7","name":"Ana"}, …}`,
  cloudevents: `{"specversion":"1.0","id":"0193…",
 "type":"user.role_changed","time":"2026-11-20T10:00:00.000Z",
 "data":{ …the entry… }}`,
  ocsf: `{"class_uid":3001,"activity_id":99,
 "time":1795168800000,
 "metadata":{"version":"1.9.0","uid":"0193…","sequence":4711},
 "actor":{"user":{"uid":"u_7","name":"Ana"}}, …}`,
  ecs: `{"@timestamp":"2026-11-20T10:00:00.000Z",
 "event":{"id":"0193…","action":"user.role_changed","sequence":4711},
 "user":{"id":"u_7","name":"Ana"},"ecs":{"version":"9.0"}, …}`,
  cef: 'CEF:0|Indelible|Indelible|0.1|user.role_changed|user.role_changed|3| externalId=0193… suser=Ana …',
  leef: 'LEEF:2.0|Indelible|Indelible|0.1|user.role_changed|^|devTime=…^usrName=Ana^ …',
};

/** What the form holds; the settings of the destination by their names. */
export interface Draft {
  name: string;
  query: string;
  format: Format;
  map: string;
  type: DestinationType;
  fields: Record<string, string>;
  start: 'now' | 'time' | 'seq';
  /** The value of a `datetime-local` field, in the reader's zone. */
  time: string;
  seq: string;
  limits: Record<LimitName, string>;
}

export const LIMITS = ['batch_entries', 'batch_bytes', 'message_bytes'] as const;
export type LimitName = (typeof LIMITS)[number];

export function offeredDestinations(isOperator: boolean): DestinationType[] {
  return DESTINATIONS.filter((type) => isOperator || !OPERATORS_OWN.includes(type));
}

/** The fields of a destination as they begin. */
export function emptyFields(type: DestinationType): Record<string, string> {
  return Object.fromEntries(FIELDS[type].map(({ name, begins }) => [name, begins ?? '']));
}

export function emptyDraft(): Draft {
  return {
    name: '',
    query: '',
    format: 'native',
    map: '',
    type: 'webhook',
    fields: emptyFields('webhook'),
    start: 'now',
    time: '',
    seq: '0',
    limits: { batch_entries: '', batch_bytes: '', message_bytes: '' },
  };
}

/** A setting as its field shows it: headers on lines, anything else as text. */
export function textOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'object')
    return Object.entries(value)
      .map(([name, text]) => `${name}: ${String(text)}`)
      .join('\n');
  return String(value);
}

/** What the form begins with to change a stream: secrets are empty, and stay as they are. */
export function draftOf(stream: Stream): Draft {
  const { destination, limits } = stream;
  return {
    ...emptyDraft(),
    name: stream.name,
    query: stream.query ?? '',
    format: stream.format,
    map: stream.map ?? '',
    type: destination.type,
    fields: Object.fromEntries(FIELDS[destination.type].map(({ name }) => [name, textOf(destination[name])])),
    limits: {
      batch_entries: textOf(limits?.batch_entries),
      batch_bytes: textOf(limits?.batch_bytes),
      message_bytes: textOf(limits?.message_bytes),
    },
  };
}

/** Another destination; its settings begin anew. */
export function withType(draft: Draft, type: DestinationType): Draft {
  return { ...draft, type, fields: emptyFields(type) };
}

function headersOf(text: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const line of text.split('\n')) {
    const at = line.indexOf(':');
    if (at > 0) found[line.slice(0, at).trim()] = line.slice(at + 1).trim();
  }
  return found;
}

/** The value of a field as the API takes it; undefined where it is left out. */
function valueOf({ kind, optional }: Field, text: string): unknown {
  const value = text.trim();
  if (kind === 'box') return value === 'true';
  // A secret that is left empty stays as it is; of a new one the server says that it is missing.
  if (!value && (optional || kind === 'secret')) return undefined;
  if (kind === 'number') return Number(value);
  return kind === 'lines' ? headersOf(value) : value;
}

export function destinationOf({ type, fields }: Pick<Draft, 'type' | 'fields'>): Record<string, unknown> {
  const found: Record<string, unknown> = { type };
  for (const field of FIELDS[type]) {
    const value = valueOf(field, fields[field.name] ?? '');
    if (value !== undefined) found[field.name] = value;
  }
  return found;
}

function startOf({ start, time, seq }: Draft): unknown {
  if (start === 'time') return { time: new Date(time).toISOString() };
  return start === 'seq' ? { seq: Number(seq) } : 'now';
}

function limitsOf({ limits }: Draft): Record<string, unknown> {
  const given = LIMITS.filter((name) => limits[name].trim());
  return given.length ? { limits: Object.fromEntries(given.map((name) => [name, Number(limits[name])])) } : {};
}

/** The body that makes a stream, or with `isNew` false changes one: it goes on where it is. */
export function streamOf(draft: Draft, isNew: boolean): Record<string, unknown> {
  return {
    name: draft.name.trim(),
    ...(draft.query.trim() ? { query: draft.query.trim() } : {}),
    format: draft.format,
    ...(draft.format === 'custom' ? { map: draft.map } : {}),
    destination: destinationOf(draft),
    ...limitsOf(draft),
    ...(isNew ? { start: startOf(draft) } : {}),
  };
}

/** Where a stream goes, in a line: without what it is kept secret by. */
export function placeOf(destination: Destination): string {
  const text = (name: string): string => textOf(destination[name]);
  switch (destination.type) {
    case 'webhook':
    case 'splunk_hec':
    case 'otlp':
      return text('url');
    case 'opensearch':
      return [text('url'), text('index')].filter(Boolean).join(' ');
    case 'syslog':
      return `${text('host')}:${text('port')}`;
    case 's3':
      return [text('bucket'), text('prefix')].filter(Boolean).join('/');
    case 'kafka':
      return [text('topic'), text('bootstrap_servers')].filter(Boolean).join(' @ ');
    case 'file':
      return text('path');
  }
}

/** Whether the receiver says that it has what it was sent; where it does not, it was written only. */
export function isReceived(batch: Batch): boolean {
  return batch.written === undefined || batch.written === null;
}

/** A rate: whole numbers, of small ones one digit. */
export function rateText(rate: number, locale: string): string {
  return new Intl.NumberFormat(locale, { maximumFractionDigits: rate < 10 ? 1 : 0 }).format(rate);
}
