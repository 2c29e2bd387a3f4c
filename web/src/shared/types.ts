/** What the API answers, as far as the pages use it; docs/openapi.yaml is the source. */

export interface Actor {
  type: string;
  id?: string;
  id_hash?: string;
  name?: string;
  email?: string;
  /** Of an AI agent alone: what it runs on, and its own version. */
  model?: string;
  version?: string;
  roles?: string[];
  permissions?: string[];
  /** Who it acted for, who may have acted for another in turn. */
  on_behalf_of?: Actor;
}

/** Who handed an event to the server. */
export interface RecordedBy {
  type: 'api_key' | 'operator_key' | 'session' | 'server';
  id?: string;
}

export interface Target {
  type: string;
  id: string;
  name?: string;
  href?: string;
}

export interface Change {
  field: string;
  before?: unknown;
  after?: unknown;
}

export interface Location {
  country?: string;
  region?: string;
  city?: string;
  latitude?: number;
  longitude?: number;
}

export interface Entry {
  id: string;
  tenant: string;
  seq: number;
  recorded_at: string;
  occurred_at: string;
  account?: string;
  action: string;
  category: string;
  verb: string;
  security_relevant: boolean;
  flags?: string[];
  recorded_by?: RecordedBy;
  personal_erased?: boolean;
  holds?: { id: string; name: string }[];
  actor: Actor;
  targets?: Target[];
  outcome: 'success' | 'failure' | 'unknown';
  outcome_reason?: string;
  changes?: Change[];
  reason?: string;
  context?: {
    ip?: string;
    location?: Location;
    user_agent?: string;
    session_id?: string;
    request_id?: string;
    trace_id?: string;
    producer?: string;
    producer_seq?: number;
  };
  details?: Record<string, unknown>;
}

export interface Page {
  entries: Entry[];
  next_cursor: string | null;
  indexed_through: number | null;
  /** What to know of a query that found nothing. */
  hints?: Hint[];
}

/** Why an exact `actor:` found nobody, or that no entry has a value. */
export interface Hint {
  code: string;
  field?: string;
  value: string;
  detail: string;
  values?: { value: string; count: number }[];
  actors?: { id: string; name?: string; count: number }[];
}

export interface Bucket {
  start: string;
  count: number;
  by?: Record<string, number>;
}

export interface HistogramAnswer {
  count: number;
  interval: string;
  zone: string;
  buckets: Bucket[];
}

export interface FacetValue {
  value: string;
  count: number;
  /** Of an actor that was found by its name. */
  name?: string;
}

export interface FacetsAnswer {
  count: number;
  facets: Record<string, FacetValue[]>;
  /** How many values each field has, listed or not; not of servers from before it was said. */
  distinct?: Record<string, number>;
  indexed_through: number | null;
}

/** One action of a tenant's catalog. */
export interface CatalogAction {
  action: string;
  category?: string;
  verb?: string;
  sentence?: { en?: string; de?: string } | string;
  target_types?: string[];
  reason_required?: boolean;
  security_relevant?: boolean;
  /** Whether it says itself that something failed. */
  fails?: boolean;
}

/** The actions of another program's log, known in every profile. */
export interface ForeignCatalog {
  id: string;
  name: string;
  actions: CatalogAction[];
  /** Actions that begin with one of the prefixes. */
  families?: { prefixes: string[]; sentence?: { en?: string }; security_relevant?: boolean }[];
}

export interface Profile {
  id: string;
  /** Whether whoever exports has to say why. */
  reason_for_exports?: boolean;
  name: string;
  actions?: CatalogAction[];
  /** The actions of other programs' logs. */
  catalogs?: ForeignCatalog[];
  categories?: { id: string; name: string }[];
  /** Whether reading the log is recorded in it. */
  record_views?: boolean;
  /** The formats in which entries may be exported. */
  exports?: string[];
  /** How the viewer begins; docs/profiles.md. */
  viewer?: { default?: string; newest?: number; last?: string; filters?: string[]; columns?: string[]; zone?: string };
}

export interface Tenant {
  id: string;
  name: string;
  profile: string;
  unknown_actions: string;
  missing_reasons?: string;
  erasure_due_days?: number;
  /** How many entries its log has had, for the operator's list. */
  log_size?: number;
  created_at: string;
}

export interface ProofPart {
  text: string;
  salt: string;
}

export interface ProofDocument {
  id: string;
  tenant: string;
  origin: string;
  seq: number;
  recorded_at: string;
  leaf: string;
  facts?: ProofPart | null;
  personal?: ProofPart | null;
  personal_state?: 'present' | 'none' | 'erased' | 'purged' | 'withheld';
  size: number;
  root: string;
  inclusion: string[];
  checkpoint: string;
  verifier_keys: string[];
}
