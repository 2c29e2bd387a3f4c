/** What a member has, or is to have: roles and permission sets, for the whole tenant or for accounts alone. */
import { AccountChoice, type Account, type Roles } from './access.ts';

/** A role or a permission set that a member has, for the whole tenant or for accounts alone. */
export interface Assignment {
  role?: string;
  permission_set?: string;
  accounts?: string[];
}

/** A role or a permission set that can be given. */
export interface Givable {
  kind: 'role' | 'permission_set';
  id: string;
  name: string;
  permissions: string[];
  /** Whether it can be held in accounts alone. */
  isOfAccount: boolean;
}

/** Where something is held: in accounts when `isWithin`, else in the whole tenant. */
interface Holding {
  isWithin: boolean;
  accounts: AccountChoice;
}

export function keyOf(kind: Givable['kind'], id: string): string {
  return `${kind}:${id}`;
}

/** What somebody is to have; of one role in several places at once, the places are put together. */
export class Holdings {
  readonly #held = new Map<string, Holding>();

  constructor(
    private readonly known: Account[],
    assignments: readonly Assignment[] = [],
  ) {
    for (const { role, permission_set: set, accounts } of assignments) {
      const key = role === undefined ? keyOf('permission_set', set ?? '') : keyOf('role', role);
      const held = this.#held.get(key);
      const isWhole = accounts === undefined || (held !== undefined && !held.isWithin);
      this.#held.set(key, {
        isWithin: !isWhole,
        accounts: new AccountChoice(known, [...(held?.accounts.ids ?? []), ...(accounts ?? [])]),
      });
    }
  }

  of(givable: Givable): Holding | undefined {
    return this.#held.get(keyOf(givable.kind, givable.id));
  }

  toggle(givable: Givable, on: boolean): void {
    const key = keyOf(givable.kind, givable.id);
    if (on) this.#held.set(key, { isWithin: givable.isOfAccount, accounts: new AccountChoice(this.known) });
    else this.#held.delete(key);
  }

  /** Whether everything that is for accounts names one. */
  get isWhole(): boolean {
    return [...this.#held.values()].every((held) => !held.isWithin || held.accounts.ids.length > 0);
  }

  get assignments(): Assignment[] {
    return [...this.#held].map(([key, held]) => {
      const [kind, id] = [key.slice(0, key.indexOf(':')), key.slice(key.indexOf(':') + 1)];
      return { [kind]: id, ...(held.isWithin ? { accounts: held.accounts.ids } : {}) };
    });
  }
}

/** Roles and permission sets that can be given, and what somebody has and is no more among them. */
export function givable(roles: Roles, assignments: readonly Assignment[] = []): Givable[] {
  const sets = roles.permission_sets ?? [];
  const all: Givable[] = (roles.roles ?? []).map((role) => ({
    kind: 'role',
    id: role.id,
    name: role.name,
    permissions: [
      ...new Set(
        role.permission_sets.flatMap((id) => sets.find((set) => set.id === id && !set.custom)?.permissions ?? []),
      ),
    ].sort(),
    isOfAccount: role.scope === 'account',
  }));
  all.push(
    ...sets.map(({ id, name, permissions }): Givable => ({
      kind: 'permission_set',
      id,
      name,
      permissions,
      isOfAccount: false,
    })),
  );
  for (const { role, permission_set: set, accounts } of assignments) {
    const [kind, id]: [Givable['kind'], string] = role === undefined ? ['permission_set', set ?? ''] : ['role', role];
    if (!all.some((one) => one.kind === kind && one.id === id))
      all.push({ kind, id, name: id, permissions: [], isOfAccount: accounts !== undefined });
  }
  return all;
}
