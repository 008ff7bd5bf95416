import { msg, str } from '@lit/localize';
import type { PluginLogLine } from '@sodium/contract';
import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { messageOf } from '../../api/api-error.js';
import { ShellElement } from '../../shell-element.js';
import { icon } from '../../ui/icon.js';
import { LogFollower, type FollowState } from './log-follower.js';
import { logLine, logText } from './log-line.js';

const LEVELS = ['debug', 'info', 'warn', 'error'] as const;
type Level = (typeof LEVELS)[number];
/** More would make the page slow; the oldest leave first. */
const KEPT = 3000;
const AT_END_PX = 24;

/** The log of a plugin, as it is written. It follows the newest line until somebody scrolls up to read. */
@customElement('sodium-plugin-logs')
export class PluginLogs extends ShellElement {
  @property({ attribute: false }) pluginId = '';
  @state() private lines: readonly PluginLogLine[] = [];
  @state() private connection: FollowState = { kind: 'connecting' };
  @state() private level: Level = 'debug';
  @state() private words = '';
  @state() private following = true;
  /** The view was cleared up to this line; the panel keeps them. */
  @state() private clearedAt = 0;
  /** The last line that was there when the reader left the end. */
  #seen = 0;
  #top = 0;
  #follower: LogFollower | null = null;

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('pluginId')) this.#restart();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#follower?.stop();
    this.#follower = null;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) this.#restart();
  }

  override render(): TemplateResult {
    const shown = this.#shown;
    return html`<section class="so-card">
      <header>
        <h2>${msg('Log')}</h2>
        ${this.#status()}
      </header>
      ${this.#tools(shown)}
      <div class="so-log-frame">
        <div
          class="so-log so-log-tall"
          role="log"
          aria-live="off"
          tabindex="0"
          aria-label=${msg('Log')}
          @scroll=${this.#onScroll}
        >
          ${shown.length === 0 ? html`<p class="so-log-empty">${this.#emptyText()}</p>` : nothing}
          ${repeat(
            shown,
            ({ seq }) => seq,
            (line, index) => logLine(line, this.words, this.#missedBefore(shown, index)),
          )}
        </div>
        ${this.following ? nothing : this.#jump(shown)}
      </div>
    </section>`;
  }

  protected override updated(): void {
    if (this.following) this.#screen?.scrollTo({ top: this.#screen.scrollHeight });
  }

  get #screen(): HTMLElement | null {
    return this.querySelector<HTMLElement>('.so-log');
  }

  get #shown(): readonly PluginLogLine[] {
    const least = LEVELS.indexOf(this.level);
    const words = this.words.toLowerCase();
    return this.lines.filter(
      ({ seq, level, text }) =>
        seq > this.clearedAt && LEVELS.indexOf(level) >= least && (!words || text.toLowerCase().includes(words)),
    );
  }

  /** Only where nothing was filtered out does a gap in the numbers mean lost lines. */
  #missedBefore(shown: readonly PluginLogLine[], index: number): number {
    const before = shown[index - 1];
    if (!before || this.words || this.level !== 'debug') return 0;
    return shown[index]!.seq - before.seq - 1;
  }

  #restart(): void {
    this.#follower?.stop();
    this.lines = [];
    this.clearedAt = 0;
    this.following = true;
    this.#follower = new LogFollower(this.shell.api, this.pluginId, {
      lines: (lines) => (this.lines = [...this.lines, ...lines].slice(-KEPT)),
      restarted: () => {
        this.lines = [];
        this.clearedAt = 0;
      },
      state: (connection) => (this.connection = connection),
    });
  }

  #status(): TemplateResult {
    if (this.connection.kind === 'lost')
      return html`<span
        class="so-badge so-badge-dot so-badge-warning"
        role="status"
        title=${messageOf(this.connection.error)}
        >${msg('Connecting again')}</span
      >`;
    return this.connection.kind === 'live'
      ? html`<span class="so-badge so-badge-dot so-badge-success" role="status">${msg('Live')}</span>`
      : html`<span class="so-badge so-badge-dot" role="status">${msg('Connecting')}</span>`;
  }

  #tools(shown: readonly PluginLogLine[]): TemplateResult {
    const names: Record<Level, string> = {
      debug: msg('All'),
      info: msg('Info'),
      warn: msg('Warnings'),
      error: msg('Errors'),
    };
    return html`<div class="so-tools">
      <div class="so-segmented" role="radiogroup" aria-label=${msg('Least level')}>
        ${LEVELS.map(
          (level) =>
            html`<label>
              <input
                type="radio"
                name="so-log-level"
                .checked=${this.level === level}
                @change=${() => (this.level = level)}
              />${names[level]}
            </label>`,
        )}
      </div>
      <input
        class="so-search"
        type="search"
        aria-label=${msg('Search in the log')}
        placeholder=${msg('Search')}
        .value=${this.words}
        @input=${(event: Event) => (this.words = (event.target as HTMLInputElement).value)}
      />
      <div class="so-tools-end">
        ${this.#button('copy', msg('Copy what is shown'), () => void this.#copy(shown))}
        ${
          this.clearedAt > 0
            ? this.#button('rotate-cw', msg('Show earlier lines again'), () => (this.clearedAt = 0))
            : this.#button('ban', msg('Clear the view'), () => (this.clearedAt = this.lines.at(-1)?.seq ?? 0))
        }
        <button
          class="so-icon-button"
          type="button"
          aria-pressed=${this.following}
          aria-label=${msg('Follow new lines')}
          title=${this.following ? msg('Pause') : msg('Follow new lines')}
          @click=${() => this.#follow(!this.following)}
        >
          ${icon(this.following ? 'pause' : 'play')}
        </button>
      </div>
    </div>`;
  }

  #button(symbol: string, label: string, act: () => void): TemplateResult {
    return html`<button class="so-icon-button" type="button" aria-label=${label} title=${label} @click=${act}>
      ${icon(symbol)}
    </button>`;
  }

  #jump(shown: readonly PluginLogLine[]): TemplateResult {
    const fresh = shown.filter(({ seq }) => seq > this.#seen).length;
    return html`<button class="so-log-jump" type="button" @click=${() => this.#follow(true)}>
      ${icon('chevron-down')}${fresh > 0 ? msg(str`Jump to newest (${fresh} new)`) : msg('Jump to newest')}
    </button>`;
  }

  #emptyText(): string {
    if (this.connection.kind === 'connecting') return msg('Looking …');
    if (this.lines.length === 0) return msg('It has said nothing yet. New lines appear here at once.');
    return this.clearedAt > 0 ? msg('Nothing new since the view was cleared.') : msg('No line fits.');
  }

  #follow(following: boolean): void {
    this.#seen = this.lines.at(-1)?.seq ?? 0;
    this.following = following;
  }

  #onScroll = (event: Event): void => {
    const { scrollTop, scrollHeight, clientHeight } = event.target as HTMLElement;
    const atEnd = scrollHeight - scrollTop - clientHeight <= AT_END_PX;
    // New lines move the end away too, before the view has followed: only going up is somebody's wish to read.
    const wentUp = scrollTop < this.#top;
    this.#top = scrollTop;
    if (atEnd ? !this.following : wentUp && this.following) this.#follow(atEnd);
  };

  async #copy(shown: readonly PluginLogLine[]): Promise<void> {
    try {
      await navigator.clipboard.writeText(logText(shown));
      this.shell.toast(msg(str`${shown.length} lines were copied.`), 'success');
    } catch {
      this.shell.toast(msg('The browser did not let them be copied. Mark the lines and copy them by hand.'), 'warning');
    }
  }
}
