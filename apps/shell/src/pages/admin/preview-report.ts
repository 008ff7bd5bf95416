import { msg, str } from '@lit/localize';
import type { PreviewReport } from '@sodium/contract';
import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import '@awesome.me/webawesome/dist/components/button/button.js';
import { ShellElement } from '../../shell-element.js';
import { formatBytes } from '../../ui/format.js';
import { icon } from '../../ui/icon.js';
import { notice } from '../../ui/states.js';
import { permissionList } from './permission-list.js';
import type { PreviewClient } from './preview-client.js';
import { empty, part, partBadge } from './preview-parts.js';
import { replayRow } from './preview-replays.js';
import { actions, conflicts, documents, egress, log, problems, routes } from './preview-report-parts.js';

/** What the plugin that is being tried has done so far. */
@customElement('sodium-preview-report')
export class PreviewReportView extends ShellElement {
  @property({ attribute: false }) report!: PreviewReport;
  @property({ attribute: false }) client!: PreviewClient;
  @state() private busy = '';

  override render(): TemplateResult {
    const { report } = this;
    return html`<div class="so-stack">
      ${this.#figures()} ${problems(report)} ${conflicts(report)} ${this.#permissions()} ${this.#hooks()}
      ${documents(report)} ${egress(report)} ${actions(report)} ${this.#crons()} ${routes(report)} ${log(report)}
    </div>`;
  }

  #figures(): TemplateResult {
    const { process, resources } = this.report;
    const figure = (name: string, value: string): TemplateResult =>
      html`<div>
        <dt>${name}</dt>
        <dd>${value}</dd>
      </div>`;
    return html`<section class="so-card so-card-body" aria-label=${msg('Resources')}>
      <dl class="so-preview-figures">
        ${figure(msg('Backend'), didNotStart(this.report) ? msg('did not start') : stateName(process.state))}
        ${figure(msg('Started in'), resources.startMs === null ? '–' : `${Math.round(resources.startMs)} ms`)}
        ${figure(msg('CPU time'), `${Math.round(resources.cpuMs)} ms`)}
        ${figure(msg('Memory'), formatBytes(resources.memoryBytes))}
      </dl>
      ${process.reason ? notice('danger', process.reason, true) : nothing}
    </section>`;
  }

  #permissions(): TemplateResult {
    const { declared, used } = this.report.permissions;
    const extra = (name: string): TemplateResult =>
      html` <b>${used[name] ? msg(str`Used ${used[name]} times so far.`) : msg('Not used so far.')}</b>`;
    const body = declared.length > 0 ? permissionList(declared, { extra }) : empty(msg('It asks for nothing.'));
    const share = `${declared.filter((name) => used[name]).length}/${declared.length}`;
    return part({ id: 'permissions', title: msg('Permissions used'), badge: partBadge(share), body });
  }

  #hooks(): TemplateResult | typeof nothing {
    const { registered, replays } = this.report.hooks;
    if (registered.length === 0) return nothing;
    const verdicts = replays.flatMap(({ handlers }) => handlers.map(({ verdict }) => verdict.kind));
    const denied = verdicts.filter((kind) => kind === 'denied').length;
    const body = html`<p class="so-muted so-small">
        ${msg('Copies of what happened in the panel were shown to the plugin. What it answered was not applied.')}
      </p>
      <ul class="so-list so-preview-list">
        ${replays.map(replayRow)}
      </ul>
      ${replays.length === 0 ? empty(msg('Nothing was replayed yet.')) : nothing}
      ${this.#button('replay', 'rotate-cw', msg('Replay again'), () => this.client.replay())}`;
    const badge = denied > 0 ? partBadge(msg(str`${denied} denied`), 'danger') : partBadge(verdicts.length);
    return part({ id: 'hooks', title: msg('Hooks'), badge, open: true, body });
  }

  #crons(): TemplateResult | typeof nothing {
    const { crons } = this.report;
    if (crons.length === 0) return nothing;
    const body = html`<ul class="so-list so-preview-list">
      ${crons.map(
        ({ name, expression, timezone, lastRun, running }) =>
          html`<li class="so-row">
            <div>
              <b>${name}</b> <code>${expression}</code> <span class="so-muted so-small">${timezone}</span>
              ${
                lastRun
                  ? html`<span class="so-small"
                      >${lastRun.ok ? msg(str`Ran in ${Math.round(lastRun.ms)} ms.`) : (lastRun.message ?? msg('It failed.'))}</span
                    >`
                  : nothing
              }
            </div>
            ${this.#button(`cron ${name}`, 'play', msg('Run now'), () => this.client.runCron(name), running)}
          </li>`,
      )}
    </ul>`;
    return part({ id: 'crons', title: msg('Schedules'), badge: partBadge(crons.length), open: true, body });
  }

  #button(id: string, symbol: string, label: string, act: () => Promise<unknown>, running = false): TemplateResult {
    return html`<wa-button
      size="s"
      appearance="outlined"
      ?loading=${running || this.busy === id}
      @click=${() => void this.#act(id, act)}
    >
      <span slot="start">${icon(symbol)}</span>${label}
    </wa-button>`;
  }

  async #act(id: string, act: () => Promise<unknown>): Promise<void> {
    this.busy = id;
    try {
      await act();
    } catch (error) {
      this.shell.fail(error);
    }
    this.busy = '';
  }
}

/** It has a backend, and that has never run. */
export const didNotStart = ({ process, resources, problems }: PreviewReport): boolean =>
  !['none', 'starting', 'running'].includes(process.state) && resources.startMs === null && problems.length > 0;

function stateName(state: PreviewReport['process']['state']): string {
  return {
    none: msg('none'),
    starting: msg('starting'),
    running: msg('running'),
    idle: msg('idle'),
    backoff: msg('starts again soon'),
    quarantined: msg('stopped: failed too often'),
    stopped: msg('stopped'),
  }[state];
}
