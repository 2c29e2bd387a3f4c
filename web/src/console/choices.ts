/**
 * What somebody chose of how the console looks: language, theme and zone; else it is as the browser and its system
 * say.
 */
import { isZone, useZone } from '../shared/time.ts';

export interface Choices {
  language: '' | 'en' | 'de';
  theme: '' | 'light' | 'dark';
  zone: '' | 'UTC';
}

export const OFFERED: { [K in keyof Choices]: readonly Choices[K][] } = {
  language: ['', 'en', 'de'],
  theme: ['', 'light', 'dark'],
  zone: ['', 'UTC'],
};

const KEY = 'indelible:choices';

export function readChoices(): Choices {
  const chosen: Choices = { language: '', theme: '', zone: '' };
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? '{}') as Record<string, unknown>;
    for (const [name, values] of Object.entries(OFFERED)) {
      if ((values as readonly unknown[]).includes(kept[name])) Object.assign(chosen, { [name]: kept[name] });
    }
  } catch {
    // Then nothing was chosen.
  }
  return chosen;
}

export function keepChoices(choices: Choices): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(choices));
  } catch {
    // Then it is chosen again the next time.
  }
}

/** Has the page look so, but for its words. */
export function applyChoices({ theme, zone }: Choices, host: HTMLElement): void {
  document.documentElement.style.colorScheme = theme;
  host.toggleAttribute('theme', false);
  if (theme) host.setAttribute('theme', theme);
  useZone(zone && isZone(zone) ? zone : null);
}
