/**
 * The columns that a reader chose for a tenant, and their widths, kept in the browser where it lets a page keep
 * something.
 */
import { isColumn, type Column } from './link.ts';

const COLUMNS = 'indelible:columns:';
const WIDTHS = 'indelible:widths:';

function recall(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function remember(key: string, text: string): void {
  try {
    localStorage.setItem(key, text);
  } catch {
    // Then they are chosen again the next time.
  }
}

export function rememberedColumns(tenant: string): Column[] | null {
  const kept = recall(COLUMNS + tenant);
  return kept === null ? null : kept.split(',').filter(isColumn);
}

export function rememberColumns(tenant: string, columns: Column[]): void {
  remember(COLUMNS + tenant, columns.join(','));
}

/** Pixels by the names of columns. */
export function rememberedWidths(tenant: string): Map<string, number> {
  const kept = (recall(WIDTHS + tenant) ?? '').split(',').map((each) => each.split(':'));
  return new Map(kept.map(([name = '', px]): [string, number] => [name, Number(px)]).filter(([, px]) => px > 0));
}

export function rememberWidths(tenant: string, widths: ReadonlyMap<string, number>): void {
  remember(WIDTHS + tenant, [...widths].map((each) => each.join(':')).join());
}
