import { msg, str } from '@lit/localize';
import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import '@awesome.me/webawesome/dist/components/button/button.js';
import { messageOf } from '../../api/api-error.js';
import { parseFrameMessage, type FrameMessage, type PageMessage } from '../../frame/frame-messages.js';
import { currentTokens } from '../../frame/frame-theme.js';
import { ShellElement } from '../../shell-element.js';
import { notice, skeletonLines } from '../../ui/states.js';
import { guardFocus, type FocusGuard } from './plugin-frame-focus.js';
import { FrameGuard } from './plugin-frame-guard.js';

const PROLONG_MS = 60_000;
const HEARTBEAT_MS = 4_000;
/** A plugin may be busy, but not for ever. */
const MISSED_BEATS = 3;
const HEIGHT = { least: 120, most: 8_000 };

type Frame =
  | { kind: 'opening' }
  | { kind: 'open'; token: string; url: string; guard: FrameGuard; greeted: boolean; loads: number; missed: number }
  | { kind: 'ended'; reason: string };

/**
 * The sealed frame in which a plugin's tabs run: another origin, a token for the plugin's own routes, and messages for
 * the few things it may ask. It is taken away when it leaves its page, stops answering or floods.
 */
@customElement('sodium-plugin-frame')
export class PluginFrame extends ShellElement {
  @property({ attribute: false }) plugin: { id: string; name: string; version: string } | null = null;
  @property({ attribute: false }) tab: string | null = null;
  @property({ attribute: false }) subtab: string | null = null;
  @state() private frame: Frame = { kind: 'opening' };
  @state() private height = HEIGHT.least;
  @query('iframe') private readonly element!: HTMLIFrameElement | null;
  #asking = false;
  #focus: FocusGuard | null = null;

  protected override attached(): void {
    const onMessage = (event: MessageEvent): void => this.#receive(event);
    const onTheme = (): void => this.#sendTheme();
    const onPageHide = (): void => this.#revoke();
    const beat = setInterval(() => this.#beat(), HEARTBEAT_MS);
    const prolong = setInterval(() => void this.#prolong(), PROLONG_MS);
    window.addEventListener('message', onMessage);
    window.addEventListener('pagehide', onPageHide);
    const root = new MutationObserver(onTheme);
    root.observe(document.documentElement, { attributes: true, attributeFilter: ['class', 'data-theme', 'style'] });
    // A theme's style sheet that comes or goes; `load` does not bubble, but it can be caught on the way.
    root.observe(document.head, { childList: true });
    document.head.addEventListener('load', onTheme, true);
    this.#focus = guardFocus(
      () => this.element,
      () => this.#close(msg('It took the keyboard away from the page again and again.')),
    );
    this.own(
      () => window.removeEventListener('message', onMessage),
      () => window.removeEventListener('pagehide', onPageHide),
      () => clearInterval(beat),
      () => clearInterval(prolong),
      () => root.disconnect(),
      () => document.head.removeEventListener('load', onTheme, true),
      this.shell.theme.subscribe(onTheme),
      () => this.#focus?.dispose(),
      () => this.#revoke(),
    );
    void this.#open();
  }

  override updated(changed: Map<string, unknown>): void {
    if (changed.has('tab') || changed.has('subtab')) this.#sendShow();
  }

  override render(): TemplateResult {
    const name = this.plugin?.name ?? '';
    switch (this.frame.kind) {
      case 'opening':
        return html`<div class="so-card so-card-body">${skeletonLines(4)}</div>`;
      case 'ended':
        return html`${notice('danger', html`<b>${msg(str`The tab of “${name}” was closed`)}</b><span>${this.frame.reason}</span>`)}
          <p class="so-actions" style="justify-content: start; margin-top: var(--sodium-space-4)">
            <wa-button appearance="outlined" size="s" @click=${() => void this.#open()}
              >${msg('Open it again')}</wa-button
            >
          </p>`;
      case 'open':
        return html`${this.frame.greeted ? nothing : skeletonLines(4)}
          <iframe
            title=${msg(str`Tab of the plugin “${name}”`)}
            class="so-plugin-frame"
            sandbox="allow-scripts allow-forms"
            referrerpolicy="no-referrer"
            style="display: block; inline-size: 100%; border: 0; color-scheme: auto; block-size: ${this.frame.greeted ? this.height : 0}px"
            src=${this.frame.url}
            @load=${() => this.#loaded()}
          ></iframe>`;
    }
  }

  async #open(): Promise<void> {
    const { plugin } = this;
    if (!plugin) return;
    this.#revoke();
    this.frame = { kind: 'opening' };
    try {
      const { token, url } = await this.shell.api.post<{ token: string; url: string }>(path(plugin.id));
      if (!this.isConnected) return void this.#end(token);
      this.frame = { kind: 'open', token, url, guard: new FrameGuard(), greeted: false, loads: 0, missed: 0 };
    } catch (error) {
      this.frame = { kind: 'ended', reason: messageOf(error) };
    }
  }

  /** A frame shows one document. A second one is not ours. */
  #loaded(): void {
    if (this.frame.kind !== 'open') return;
    this.frame.loads += 1;
    if (this.frame.loads > 1) this.#close(msg('It tried to leave its page.'));
  }

  #beat(): void {
    if (this.frame.kind !== 'open' || document.hidden) return;
    this.frame.missed += 1;
    if (this.frame.missed > MISSED_BEATS) this.#close(msg('It did not answer any more.'));
    else this.#send({ type: 'ping' });
  }

  /** The machine may have slept for longer than a token lasts: then the frame opens anew. */
  async #prolong(): Promise<void> {
    const { frame, plugin } = this;
    if (frame.kind !== 'open' || !plugin) return;
    try {
      await this.shell.api.put(`${path(plugin.id)}/${frame.token}`);
    } catch (error) {
      const same = this.frame.kind === 'open' && this.frame.token === frame.token;
      if (same && (error as { status?: number }).status === 404) await this.#open();
    }
  }

  #close(reason: string): void {
    this.#revoke();
    this.frame = { kind: 'ended', reason };
    this.#report(reason, '', 'admin tab');
  }

  #revoke(): void {
    if (this.frame.kind === 'open') this.#end(this.frame.token);
    this.frame = { kind: 'opening' };
  }

  /** Also while the page is being left, when nothing waits for an answer. */
  #end(token: string): void {
    this.shell.api.delete(`${path(this.plugin?.id ?? '')}/${token}`).catch(() => undefined);
  }

  #receive(event: MessageEvent): void {
    const { frame } = this;
    if (frame.kind !== 'open' || event.source !== this.element?.contentWindow || event.origin !== 'null') return;
    if (!frame.guard.admit()) return this.#close(msg('It sent more messages than any tab needs.'));
    const message = parseFrameMessage(event.data);
    if (message && frame.guard.allows(message.type)) this.#act(message);
  }

  #act(message: FrameMessage): void {
    const name = this.plugin?.name ?? '';
    switch (message.type) {
      case 'hello':
        return this.#greet();
      case 'alive':
        if (this.frame.kind === 'open') this.frame.missed = 0;
        return;
      case 'escape':
        return void this.dispatchEvent(new CustomEvent('escape'));
      case 'height':
        return void (this.height = Math.min(HEIGHT.most, Math.max(HEIGHT.least, message.height)));
      case 'tabs':
        return void this.dispatchEvent(new CustomEvent('tabs', { detail: message.tabs }));
      case 'toast':
        return this.shell.toast(`${name}: ${message.message}`, message.variant);
      case 'confirm':
        return void this.#confirm(message);
      case 'navigate':
        return void this.#leave(message.path);
      case 'report':
        return this.#report(message.message, message.stack, message.where);
      case 'ended':
      case 'place':
        // Previews say these.
        return;
    }
  }

  #greet(): void {
    if (this.frame.kind !== 'open') return;
    if (this.frame.greeted) return this.#close(msg('It tried to leave its page.'));
    this.frame = { ...this.frame, greeted: true };
    this.#sendTheme();
    this.#sendShow();
  }

  /** The plugin's words stand below its name, so that nobody takes them for the panel's. One question at a time. */
  async #confirm({
    id,
    title,
    message,
    confirmLabel,
    danger,
  }: Extract<FrameMessage, { type: 'confirm' }>): Promise<void> {
    if (this.#asking) return this.#send({ type: 'confirmed', id, answer: false });
    this.#asking = true;
    const question = {
      title: msg(str`“${this.plugin?.name ?? ''}” asks`),
      message: `${title}\n\n${message}`,
      danger,
      ...(confirmLabel ? { confirmLabel } : {}),
    };
    const answer = await this.shell.confirm(question).finally(() => (this.#asking = false));
    this.#send({ type: 'confirmed', id, answer });
  }

  /** Only where a person has just done something in the frame, and only to pages of the user area. */
  #leave(to: string): void {
    if (this.#focus?.actedInFrame() || this.element?.matches(':hover')) location.assign(to);
  }

  #report(message: string, stack: string, where: string): void {
    if (!this.plugin || !message) return;
    const { id, version } = this.plugin;
    this.shell.api.post('/api/client-errors', { plugin: id, version, message, stack, where }).catch(() => undefined);
  }

  #sendTheme(): void {
    this.#send({ type: 'theme', mode: this.shell.theme.mode, tokens: currentTokens() });
  }

  #sendShow(): void {
    this.#send({ type: 'show', tab: this.tab, subtab: this.subtab });
  }

  /** The frame has no origin that could be named here; what is sent is no secret. */
  #send(message: PageMessage): void {
    if (this.frame.kind === 'open' && (this.frame.greeted || message.type === 'ping'))
      this.element?.contentWindow?.postMessage(message, '*');
  }
}

const path = (id: string): string => `/api/admin/plugins/${encodeURIComponent(id)}/frames`;
