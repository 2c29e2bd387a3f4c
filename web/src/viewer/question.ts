/** The question whose answers the viewer shows: whose log, which entries, which time. */
import type { Api, Parameters, Problem } from '../shared/api.ts';
import type { View } from './link.ts';
import type { Preset } from './preset.ts';

/** An answer that is awaited, there, or refused. */
export type Loadable<T> = { value: T | null; problem: Problem | null; loading: boolean };

/** An answer that nobody has asked for. */
export function nothing<T>(): Loadable<T> {
  return { value: null, problem: null, loading: false };
}

/** The element around the model. */
export interface ModelHost {
  changed(): void;
  /** The view is another one: the address should say so; `push` for what Back should undo. */
  viewChanged(push: boolean): void;
  /** Whether the address asks for a time, or for columns, so that the profile's preset does not count. */
  addressHas(what: 'time' | 'columns'): boolean;
  /** The server knows the reader no more. */
  signedOut(): void;
  /** The page was loaded, with the entry that is open among its rows, perhaps far below. */
  loaded(): void;
}

/** The part of the model that everything which asks the server goes by. */
export interface Question {
  readonly api: Api;
  readonly view: View;
  /** The name of the zone that times are shown in. */
  readonly zone: string;
  /** The times that the present range stands for. */
  readonly resolved: { readonly from: number | null; readonly to: number | null };
  readonly preset: Preset;
  /** Whether what is asked becomes an entry of the log, as far as that is known. */
  readonly recordsLooks: boolean;
  readonly host: Pick<ModelHost, 'changed'>;
  path(rest: string): string;
  parameters(more?: Parameters): Parameters;
}
