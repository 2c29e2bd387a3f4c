/** The part of the console that its pages need. */
import type { Tenant } from '../shared/types.ts';
import type { Choices } from './choices.ts';
import type { Connection, Session } from './session.ts';
import type { ConsoleWords } from './words.ts';

export interface ConsoleApp {
  readonly connection: Connection;
  readonly words: ConsoleWords;
  readonly session: Session | null;
  readonly tenants: Tenant[];
  readonly choices: Choices;
  readonly isOperator: boolean;
  /** The page that is shown. */
  readonly page: ShownPage | null;
  readonly renderRoot: HTMLElement | DocumentFragment;
  readonly updateComplete: Promise<boolean>;
  requestUpdate(): void;

  /** Whether the caller may do one of these in a tenant; when the server does not say, it decides itself later. */
  may(tenant: string, permissions: readonly string[]): boolean;
  /** Whether the caller sees the tenant's whole log, and not only some accounts or what a filter leaves. */
  seesWhole(tenant: string): boolean;
  tenantName(id: string): string;
  loadTenants(): Promise<void>;
  /** Goes to an address of the console. */
  go(address: string): void;
  sessionEnded(): void;
}

/** A page, as another one sees it. */
export interface ShownPage {
  /** Says that something was done, with the entry of that action once it is found. */
  done(text: string, action: string): void;
}
