/** What this browser saw of a log before: its keys and its newest checkpoint. */

export interface Memory {
  keys: string[];
  size: string;
  root: string;
  at: string;
}

const PREFIX = 'indelible:log:';

export function recall(origin: string): Memory | null {
  try {
    const found = localStorage.getItem(PREFIX + origin);
    return found ? (JSON.parse(found) as Memory) : null;
  } catch {
    return null;
  }
}

/** Keeps it, if the page may store anything; else everything is checked but the log's own past. */
export function remember(origin: string, memory: Memory): boolean {
  try {
    localStorage.setItem(PREFIX + origin, JSON.stringify(memory));
    return true;
  } catch {
    return false;
  }
}
