import { vi } from 'vitest';

/** The longest that any test waits for anything, in milliseconds; as `Eventually.LIMIT` of the other modules. */
export const LIMIT_MILLIS = 120_000;

/** Looks until the check no longer throws; fails with what it threw last. The only wait of these tests. */
export const eventually = <T>(check: () => T | Promise<T>): Promise<T> =>
  vi.waitFor(check, { timeout: LIMIT_MILLIS, interval: 10 });
