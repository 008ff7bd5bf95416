import { msg, str } from '@lit/localize';
import { Task } from '@lit/task';
import type { ChangedSettings, PluginState } from '@sodium/contract';
import type { SettingSpecs } from '@sodium/sdk/manifest';
import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import '@awesome.me/webawesome/dist/components/button/button.js';
import '@awesome.me/webawesome/dist/components/color-picker/color-picker.js';
import '@awesome.me/webawesome/dist/components/input/input.js';
import '@awesome.me/webawesome/dist/components/option/option.js';
import '@awesome.me/webawesome/dist/components/select/select.js';
import '@awesome.me/webawesome/dist/components/switch/switch.js';
import '@awesome.me/webawesome/dist/components/textarea/textarea.js';
import { ApiError, listIn, messageOf } from '../../api/api-error.js';
import { ShellElement } from '../../shell-element.js';
import { errorState, notice, skeletonLines } from '../../ui/states.js';
import { UnsavedGuard } from '../../ui/unsaved-guard.js';
import { PatternTrial } from './pattern-trial.js';
import './settings-test.js';
import { settingField } from './setting-field.js';
import { isSecret, SettingsDraft, type SavedValues } from './settings-draft.js';
import { settingWords } from './setting-words.js';

interface SettingsAnswer {
  specs: SettingSpecs;
  values: SavedValues;
  /** The running plugin offers to try its settings. */
  testable?: boolean;
}

/** The settings that a plugin's manifest declares, as a form. */
@customElement('sodium-plugin-settings')
export class PluginSettings extends ShellElement {
  @property({ attribute: false }) pluginId = '';
  @property({ attribute: false }) state: PluginState = 'inactive';
  @state() private draft: SettingsDraft | null = null;
  @state() private problems: Record<string, string> = {};
  @state() private status: 'idle' | 'saving' | { error: unknown } = 'idle';
  @state() private testable = false;
  readonly #unsaved = new UnsavedGuard(this);
  readonly #patterns = new PatternTrial();
  #typed = 0;

  readonly #load = new Task(this, {
    // Another state may be another version, with other settings, or one that can try them.
    args: () => [this.pluginId, this.state] as const,
    task: async () => {
      if (this.draft?.dirty) return true;
      const { specs, values, testable = false } = await this.shell.api.get<SettingsAnswer>(this.#path());
      this.draft = new SettingsDraft(specs, values);
      this.testable = testable;
      return true;
    },
  });

  #path(): string {
    return `/api/admin/plugins/${encodeURIComponent(this.pluginId)}/settings`;
  }

  override render(): TemplateResult {
    return html`${this.#load.render({
      pending: () => (this.draft ? this.#form(this.draft) : skeletonLines(4)),
      error: (error) => html`<div class="so-card">${errorState(error, () => void this.#load.run())}</div>`,
      complete: () => (this.draft ? this.#form(this.draft) : nothing),
    })}`;
  }

  #form(draft: SettingsDraft): TemplateResult {
    const saving = this.status === 'saving';
    return html`<form class="so-card" novalidate @submit=${this.#save}>
        <header><h2>${msg('Settings')}</h2></header>
        <div class="so-card-body so-form">
          ${typeof this.status === 'object' ? notice('danger', messageOf(this.status.error), true) : nothing}
          ${Object.entries(draft.specs)
            .filter(([name]) => draft.visible(name))
            .map(([name, spec]) =>
              settingField({ name, spec, draft, problem: this.problems[name], changed: this.#changed }),
            )}
        </div>
        <footer>
          ${draft.isDefault ? nothing : html`<wa-button appearance="plain" style="margin-inline-end: auto" ?disabled=${saving} @click=${() => void this.#reset()}>${msg('Reset to defaults')}</wa-button>`}
          ${draft.dirty ? html`<span class="so-muted so-small" role="status">${msg('Not saved yet')}</span>` : nothing}
          <wa-button appearance="plain" ?disabled=${!draft.dirty || saving} @click=${this.#discard}
            >${msg('Discard')}</wa-button
          >
          <wa-button type="submit" variant="brand" ?disabled=${!draft.dirty} ?loading=${saving}
            >${msg('Save')}</wa-button
          >
        </footer>
      </form>
      ${this.testable ? html`<sodium-settings-test .pluginId=${this.pluginId} .dirty=${draft.dirty}></sodium-settings-test>` : nothing}`;
  }

  /** Secrets too: what the manifest says, and nothing else, holds afterwards. */
  async #reset(): Promise<void> {
    const { draft } = this;
    const sure = await this.shell.confirm({
      title: msg('Reset all settings?'),
      message: msg('Every setting goes back to its default at once. Secrets are removed and cannot be brought back.'),
      confirmLabel: msg('Reset'),
      danger: true,
    });
    if (!sure || !draft) return;
    const nothingSet = Object.fromEntries(Object.keys(draft.specs).map((name) => [name, null]));
    this.problems = {};
    await this.#store(draft, { values: nothingSet }, msg('The settings are as they were at first.'));
  }

  protected override attached(): void {
    this.own(() => this.#patterns.dispose());
  }

  #changed = (): void => {
    if (this.draft?.dirty) this.#unsaved.mark();
    else this.#unsaved.clear();
    this.requestUpdate();
    // What was wrong is checked again as it is mended; new faults wait until it is saved.
    if (this.draft && Object.keys(this.problems).length > 0) void this.#checkAgain(this.draft);
  };

  async #checkAgain(draft: SettingsDraft): Promise<void> {
    const typed = (this.#typed += 1);
    const now = await this.#problemsOf(draft, Object.keys(this.problems));
    // Typed on meanwhile: that has its own check under way.
    if (draft !== this.draft || typed !== this.#typed) return;
    this.problems = Object.fromEntries(Object.entries(now).filter(([name]) => name in this.problems));
  }

  /** Patterns are tried for these fields, or for all. */
  async #problemsOf(draft: SettingsDraft, names?: readonly string[]): Promise<Record<string, string>> {
    const asked = draft.patterned().filter(({ key }) => names?.includes(key) ?? true);
    const answers = await Promise.all(asked.map((question) => this.#patterns.ask(question)));
    const differing = asked.filter((_, index) => answers[index] === false);
    return {
      ...draft.problems(),
      ...Object.fromEntries(differing.map(({ key, pattern }) => [key, settingWords({ kind: 'pattern', pattern })])),
    };
  }

  #discard = (): void => {
    if (this.draft) this.draft = new SettingsDraft(this.draft.specs, this.draft.saved);
    this.problems = {};
    this.status = 'idle';
    this.#unsaved.clear();
  };

  #save = async (event: Event): Promise<void> => {
    event.preventDefault();
    const { draft } = this;
    if (!draft || this.status === 'saving') return;
    this.status = 'saving';
    this.problems = await this.#problemsOf(draft);
    if (Object.keys(this.problems).length === 0)
      return this.#store(draft, { values: draft.changes, seen: draft.seen }, msg('The settings were saved.'));
    this.status = 'idle';
    this.#focusProblem();
  };

  async #store(draft: SettingsDraft, change: ChangedSettings, done: string): Promise<void> {
    this.status = 'saving';
    try {
      const answer = await this.shell.api.put<SettingsAnswer>(this.#path(), change);
      this.draft = new SettingsDraft(answer.specs ?? draft.specs, answer.values);
      this.status = 'idle';
      this.#unsaved.clear();
      this.shell.toast(done, 'success');
    } catch (error) {
      const others = listIn(error, 'SETTINGS_CHANGED', 'fields');
      if (others) await this.#rebase(draft, others);
      else this.#refused(error, draft);
    }
  }

  /** Another admin was faster: what was typed stays, and is saved over theirs only when it is saved again. */
  async #rebase(draft: SettingsDraft, fields: readonly string[]): Promise<void> {
    try {
      const { specs, values } = await this.shell.api.get<SettingsAnswer>(this.#path());
      this.draft = draft.over(specs, values);
      this.problems = Object.fromEntries(fields.map((name) => [name, changedMeanwhile(specs, values, name)]));
      this.status = 'idle';
      if (!this.draft.dirty) this.#unsaved.clear();
      await this.updateComplete;
      this.#focusProblem();
    } catch (error) {
      this.#refused(error, draft);
    }
  }

  #refused(error: unknown, draft: SettingsDraft): void {
    const fields = error instanceof ApiError ? error.fields : {};
    const known = Object.entries(fields).map(([path, message]) => [path.replace(/^values\./, ''), message] as const);
    this.problems = Object.fromEntries(known.filter(([name]) => name in draft.specs));
    this.status = Object.keys(this.problems).length > 0 ? 'idle' : { error };
    this.#focusProblem();
  }

  #focusProblem(): void {
    const first = Object.keys(this.draft?.specs ?? {}).find((name) => name in this.problems);
    if (first) this.querySelector<HTMLElement>(`[name="${CSS.escape(first)}"]`)?.focus();
  }
}

function changedMeanwhile(specs: SettingSpecs, values: SavedValues, name: string): string {
  const spec = specs[name];
  if (!spec || isSecret(spec) || (values[name] ?? '') === '')
    return msg('Somebody else changed it meanwhile. Save again to replace that.');
  return msg(str`Somebody else made it “${String(values[name])}” meanwhile. Save again to replace that.`);
}
