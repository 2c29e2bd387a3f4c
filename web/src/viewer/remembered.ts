/** The columns that a reader chose for a tenant, kept in the browser where it lets a page keep something. */
import { isColumn, type Column } from './link.ts';

const PREFIX = 'indelible:columns:';

export function rememberedColumns(tenant: string): Column[] | null {
  try {
    const kept = localStorage.getItem(PREFIX + tenant);
    return kept === null ? null : kept.split(',').filter(isColumn);
  } catch {
    return null;
  }
}

export function rememberColumns(tenant: string, columns: Column[]): void {
  try {
    localStorage.setItem(PREFIX + tenant, columns.join(','));
  } catch {
    // Then they are chosen again the next time.
  }
}
