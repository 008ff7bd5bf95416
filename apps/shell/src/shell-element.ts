import { consume } from '@lit/context';
import { LitElement } from 'lit';
import { shellContext, type Shell } from './shell.js';

/**
 * The base of the shell's views. They render into the page itself, so that the one style sheet, labels and landmarks
 * work across them; the kit's elements inside keep their shadow roots.
 */
export abstract class ShellElement extends LitElement {
  @consume({ context: shellContext })
  shell!: Shell;

  #disposables: (() => void)[] = [];

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  /** Runs when the element arrives; what it registers with `own` ends when it leaves. */
  protected attached(): void {}

  protected own(...disposables: (() => void)[]): void {
    this.#disposables.push(...disposables);
  }

  /** Draws again whenever `target` fires `event`. */
  protected follow(target: EventTarget, event: string): void {
    const draw = (): void => this.requestUpdate();
    target.addEventListener(event, draw);
    this.own(() => target.removeEventListener(event, draw));
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.attached();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const dispose of this.#disposables.splice(0)) dispose();
  }
}
