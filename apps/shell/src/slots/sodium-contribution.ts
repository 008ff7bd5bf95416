import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { contributionStyles } from './contribution-styles.js';
import { errorCard, errorCardStyles, errorSign, skeleton, updateCard, type PluginFailure } from './error-card.js';
import { PluginMount, type MountableContribution } from './plugin-mount.js';
import { sameArguments } from './same-arguments.js';
import { stylesLoaded, whenVisible } from './visibility.js';
import type { Contribution, FailurePlace, PluginHandle } from './types.js';

type View =
  | { kind: 'waiting' }
  /** On the page, so that its elements can render, but not shown yet. */
  | { kind: 'mounting'; mount: PluginMount }
  | { kind: 'mounted'; mount: PluginMount; notice: PluginFailure | null }
  /** A newer version is active, but the user has typed into this one. */
  | { kind: 'outdated'; mount: PluginMount }
  | { kind: 'failed'; failure: PluginFailure };

/**
 * The place of one contribution. Loads the plugin's code when it comes into view, shows its view, and keeps its faults
 * to itself: a card with the plugin's name stands here while the rest of the page works on.
 */
@customElement('sodium-contribution')
export class SodiumContribution extends LitElement implements FailurePlace {
  static override readonly styles = [contributionStyles, errorCardStyles];

  @property({ attribute: false }) contribution: Contribution | null = null;
  /** What `render` receives; an element gets the same as properties. */
  @property({ attribute: false }) args: readonly unknown[] = [];
  @state() private view: View = { kind: 'waiting' };

  readonly element: HTMLElement = this;
  #shownArgs: readonly unknown[] = [];
  #attempt = 0;
  /** The definition of the last mount, whether it is shown or has failed. */
  #tried: Contribution['definition'];
  #edited = false;
  #leave: () => void = () => undefined;
  #stopWaiting: () => void = () => undefined;

  constructor() {
    super();
    this.addEventListener('input', () => (this.#edited = true));
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.contribution && this.view.kind === 'waiting') this.#begin();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#clear();
    this.view = { kind: 'waiting' };
  }

  /** Being moved within the page is no reason to begin anew. */
  connectedMoveCallback(): void {}

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (this.contribution) this.dataset.plugin = this.contribution.plugin.id;
    // For tests and the browser's inspector: which contribution this is, and whether it is there.
    if (this.contribution) this.dataset.contribution = this.contribution.key;
    this.dataset.state = this.view.kind;
    if (changed.has('contribution')) this.#contributionChanged(changed.get('contribution') ?? null);
    else if (changed.has('args') && this.view.kind === 'mounted') this.#showArguments(this.view.mount);
  }

  protected override render(): TemplateResult | typeof nothing {
    const handle = this.contribution?.handle;
    if (!handle) return nothing;
    const container = 'mount' in this.view ? this.view.mount.container : nothing;
    // The container keeps its place in the template: moving it would disconnect and connect the plugin's elements.
    return html`${this.#styleLinks(handle)}${this.#above(handle)}
      <div class="place">${container}</div>`;
  }

  /** An error that surfaced after the view was there: the view stays, with the card above it. */
  fail(error: unknown, where: string): void {
    this.contribution?.handle.report(error, where);
    const failure = { error, where };
    this.view = this.view.kind === 'mounted' ? { ...this.view, notice: failure } : { kind: 'failed', failure };
  }

  #above(handle: PluginHandle): TemplateResult | typeof nothing {
    const { view } = this;
    if (this.contribution?.kind === 'sidebar') return this.#beside(handle);
    switch (view.kind) {
      case 'waiting':
      case 'mounting':
        return skeleton(handle.entry.name);
      case 'failed':
        return errorCard(handle, view.failure, this.#retry);
      case 'outdated':
        return updateCard(handle, this.#restart);
      case 'mounted':
        return view.notice ? errorCard(handle, view.notice, this.#retry) : nothing;
    }
  }

  /** In the sidebar there is room for a sign, and not for a card. */
  #beside(handle: PluginHandle): TemplateResult | typeof nothing {
    const { view } = this;
    const failure = view.kind === 'failed' ? view.failure : view.kind === 'mounted' ? view.notice : null;
    return failure ? errorSign(handle, failure) : nothing;
  }

  #styleLinks(handle: PluginHandle): TemplateResult[] {
    const { base, styles } = handle.entry;
    const loaded = ({ target }: Event): void => {
      const { sheet } = target as HTMLLinkElement;
      if (sheet) handle.shareFonts(sheet);
    };
    return styles.map(
      // In a sealed frame everything is of another origin: without CORS its rules could not be read for their fonts.
      (path) =>
        html`<link
          rel="stylesheet"
          crossorigin="anonymous"
          href=${path.startsWith('/') ? path : base + path}
          @load=${loaded}
        />`,
    );
  }

  #contributionChanged(before: Contribution | null): void {
    const now = this.contribution;
    const sameCode = before?.key === now?.key && before?.handle === now?.handle;
    if (sameCode && this.#stillShows(now)) return;
    if (before?.key === now?.key && this.#edited && (this.view.kind === 'mounted' || this.view.kind === 'outdated')) {
      this.view = { kind: 'outdated', mount: this.view.mount };
      return;
    }
    this.#begin();
  }

  /** Title or badge changed, or the definition arrived that this element is waiting for anyway. */
  #stillShows(now: Contribution | null): boolean {
    return this.view.kind === 'waiting' || this.view.kind === 'outdated' || this.#tried === now?.definition;
  }

  readonly #restart = (): void => this.#begin();

  readonly #retry = (): void => {
    const { contribution } = this;
    if (contribution) this.#begin(() => contribution.handle.retry());
  };

  #begin(load?: () => Promise<void>): void {
    this.#clear();
    this.view = { kind: 'waiting' };
    const { contribution } = this;
    if (!contribution || !this.isConnected) return;
    const attempt = this.#attempt;
    const open = (): void => void this.#open(contribution, load ?? (() => contribution.handle.load()), attempt);
    if (contribution.kind === 'widget' && !load) this.#stopWaiting = whenVisible(this, open);
    else open();
  }

  async #open(contribution: Contribution, load: () => Promise<void>, attempt: number): Promise<void> {
    const { handle } = contribution;
    this.#leave = handle.addMount(this);
    try {
      await load();
      if (attempt === this.#attempt) await this.#mount(requireDefinition(handle, contribution), attempt);
    } catch (error) {
      // A failed load was reported once by the plugin itself, not by each of its places.
      if (error instanceof MissingDefinition) handle.report(error, 'registration');
      if (attempt === this.#attempt) this.view = { kind: 'failed', failure: { error, where: 'load' } };
    }
  }

  async #mount(contribution: MountableContribution, attempt: number): Promise<void> {
    const mount = new PluginMount(contribution, (error, where) => {
      // What has failed already never finishes either: the first word on it says more.
      if (attempt !== this.#attempt || this.view.kind === 'failed') return;
      contribution.handle.report(error, where);
      this.view = { kind: 'failed', failure: { error, where } };
    });
    this.#shownArgs = this.args;
    this.#tried = contribution.definition;
    this.#stopWaiting = () => mount.dispose();
    this.view = { kind: 'mounting', mount };
    await this.updateComplete;
    await Promise.all([mount.show(this.args), stylesLoaded(this.renderRoot)]);
    if (attempt !== this.#attempt || this.view.kind !== 'mounting') return mount.dispose();
    mount.reveal();
    contribution.handle.shown(contribution.kind);
    this.view = { kind: 'mounted', mount, notice: null };
    this.#showArguments(mount);
  }

  #showArguments(mount: PluginMount): void {
    if (sameArguments(this.#shownArgs, this.args)) return;
    this.#shownArgs = this.args;
    void mount.show(this.args);
  }

  #clear(): void {
    this.#attempt += 1;
    this.#edited = false;
    this.#tried = undefined;
    this.#stopWaiting();
    this.#leave();
    this.#stopWaiting = this.#leave = () => undefined;
  }
}

class MissingDefinition extends Error {}

function requireDefinition(handle: PluginHandle, declared: Contribution): MountableContribution {
  const current = handle.current(declared.key);
  if (current?.definition) return current as MountableContribution;
  const { id } = handle.entry;
  throw new MissingDefinition(
    `It declares the ${declared.kind} "${declared.key.slice(id.length + declared.kind.length + 2)}", but its client.js did not register it.`,
  );
}

declare global {
  interface HTMLElementTagNameMap {
    'sodium-contribution': SodiumContribution;
  }
}
