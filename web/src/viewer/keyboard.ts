/** Keys that work anywhere in the viewer, but never while somebody types. */
import type { ViewHost } from './view-host.ts';
import * as chips from '../query/chips.ts';

/** The viewer that keys are for while nothing on the page has the focus: the one that was used last. */
let current: ViewHost | null = null;

export class Keyboard {
  constructor(private readonly viewer: ViewHost) {}

  connect(): void {
    current ??= this.viewer;
    document.addEventListener('keydown', this.#pressedAnywhere);
  }

  disconnect(): void {
    if (current === this.viewer) current = null;
    document.removeEventListener('keydown', this.#pressedAnywhere);
  }

  readonly used = (): void => {
    current = this.viewer;
    this.viewer.prepare();
  };

  readonly #pressedAnywhere = (event: KeyboardEvent): void => {
    if (current === this.viewer && event.target === document.body) this.pressed(event);
  };

  readonly pressed = (event: KeyboardEvent): void => {
    const viewer = this.viewer;
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.isComposing) return;
    const target = event.composedPath()[0] as HTMLElement;
    const typing = target.matches?.('input, textarea, select');
    if (event.key === 'Escape' && !viewer.covered && !typing) {
      if (viewer.facetsOpen) {
        viewer.facetsOpen = false;
        viewer.requestUpdate();
      } else if (viewer.model.view.entry !== null) viewer.close();
      else return;
      event.preventDefault();
      return;
    }
    if (typing || event.altKey || viewer.covered) return;
    const act = this.#action(event.key, target);
    if (!act) return;
    event.preventDefault();
    act();
  };

  #action(key: string, target: HTMLElement): (() => void) | null {
    const viewer = this.viewer;
    switch (key) {
      case '/':
        return () => viewer.queryBox.focus();
      case '?':
        return () => viewer.openHelp();
      case 'j':
        return () => this.#move(1);
      case 'k':
        return () => this.#move(-1);
      case 'x':
        return this.#exclude(target);
      case 'l':
        return () => viewer.model.live.toggle();
      case '[':
        return () => viewer.brush.shift(-1);
      case ']':
        return () => viewer.brush.shift(1);
      default:
        return null;
    }
  }

  /** To the next row; while an entry is open, that is the open one. */
  #move(by: 1 | -1): void {
    const viewer = this.viewer;
    if (viewer.model.view.entry !== null) {
      viewer.model.step(by);
      void viewer.updateComplete.then(() =>
        viewer.renderRoot.querySelector('tr.open')?.scrollIntoView({ block: 'nearest' }),
      );
      return;
    }
    const rows = [...viewer.renderRoot.querySelectorAll<HTMLElement>('tr.entry')];
    const focused = viewer.shadowRoot?.activeElement?.closest('tr.entry') as HTMLElement | null;
    const at = focused ? rows.indexOf(focused) + by : by > 0 ? 0 : rows.length - 1;
    viewer.focusRow(rows[Math.max(0, Math.min(at, rows.length - 1))]?.dataset['id'] ?? null);
  }

  /** Excludes the value that has the focus, or the action of the row that has it. */
  #exclude(target: HTMLElement): (() => void) | null {
    const viewer = this.viewer;
    const holder = target.closest<HTMLElement>('[data-field]');
    let field = holder?.dataset['field'];
    let value = holder?.dataset['value'];
    if (!field) {
      const id = target.closest<HTMLElement>('tr.entry')?.dataset['id'] ?? viewer.model.view.entry;
      const entry = viewer.model.entries.find((e) => e.id === id) ?? viewer.model.entry.value;
      if (!entry || !id) return null;
      field = 'action';
      value = entry.action;
    }
    return () => viewer.model.query(chips.exclude(viewer.model.view.q, field, value ?? ''));
  }
}
