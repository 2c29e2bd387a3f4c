import { vi } from 'vitest';
import { LIMIT_MILLIS } from './limit.ts';

/** Looks until the check no longer throws; fails with what it threw last. The only wait of these tests. */
export const eventually = <T>(check: () => T | Promise<T>): Promise<T> =>
  vi.waitFor(check, { timeout: LIMIT_MILLIS, interval: 10 });
