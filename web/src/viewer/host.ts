/** The part of the element that its parts need: the query box, the brush, the columns' widths. */
import type { Words } from '../shared/i18n.ts';
import type { Model } from './model.ts';

export interface ViewerHost {
  readonly tenant: string;
  readonly model: Model;
  readonly words: Words;
  readonly renderRoot: HTMLElement | DocumentFragment;
  readonly shadowRoot: ShadowRoot | null;
  readonly updateComplete: Promise<boolean>;
  requestUpdate(): void;
}
