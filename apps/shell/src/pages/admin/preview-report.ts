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
import { count, empty, json, part, partBadge } from './preview-parts.js';
import { replayRow } from './preview-replays.js';
import { failureRow, failuresOf } from './preview-failures.js';
import { egressRow } from './preview-egress.js';

/** What the plugin that is being tried has done so far. */
@customElement('sodium-preview-report')
export class PreviewReportView extends ShellElement {
  @property({ attribute: false }) report!: PreviewReport;
  @property({ attribute: false }) client!: PreviewClient;
  @state() private busy = '';

  override render(): TemplateResult {
    const { report } = this;
    return html`<div class="so-stack">
      ${this.#figures()} ${this.#problems()} ${this.#conflicts()} ${this.#permissions()} ${this.#hooks()}
      ${this.#documents()} ${this.#egress()} ${this.#actions()} ${this.#crons()} ${this.#routes()} ${log(report)}
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

  #problems(): TemplateResult | typeof nothing {
    const { warnings } = this.report;
    const all = failuresOf(this.report);
    if (all.length + warnings.length === 0) return nothing;
    const body = html`<ul class="so-list so-preview-list">
      ${all.map(failureRow)} ${warnings.map((text) => html`<li><div>${text}</div></li>`)}
    </ul>`;
    return part({ id: 'errors', title: msg('Errors'), badge: partBadge(all.length, 'danger'), open: true, body });
  }

  #conflicts(): TemplateResult | typeof nothing {
    const { conflicts } = this.report;
    if (conflicts.length === 0) return nothing;
    const worst = conflicts.some(({ severity }) => severity === 'error') ? 'danger' : 'warning';
    const variants = { error: 'danger', warning: 'warning', info: 'info' } as const;
    const body = html`<ul class="so-list so-preview-list">
      ${conflicts.map(
        ({ message, severity, name }) =>
          html`<li>
            <div>
              <span class="so-row"
                ><code>${name}</code
                ><span class="so-badge so-badge-${variants[severity]}">${severityName(severity)}</span></span
              >
              <span>${message}</span>
            </div>
          </li>`,
      )}
    </ul>`;
    const open = worst === 'danger';
    return part({ id: 'conflicts', title: msg('Conflicts'), badge: partBadge(conflicts.length, worst), open, body });
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

  #documents(): TemplateResult | typeof nothing {
    const { collections, counts, items } = this.report.documents;
    if (collections.length === 0 && items.length === 0) return nothing;
    const names = { added: msg('added'), changed: msg('changed'), removed: msg('removed') };
    const looks = { added: 'success', changed: 'warning', removed: 'danger' };
    const body = html`<p class="so-muted so-small">
        ${msg('Compared with what is stored. None of this was written to disk.')}
      </p>
      <ul class="so-list so-preview-list">
        ${items.map(
          ({ collection, id, change, before, after }) =>
            html`<li>
              <details>
                <summary>
                  <span class="so-badge so-badge-${looks[change]}">${names[change]}</span>
                  <code>${collection}/${id}</code>
                </summary>
                ${before === null ? nothing : html`<pre class="so-preview-before">${json(before)}</pre>`}
                ${after === null ? nothing : html`<pre class="so-preview-after">${json(after)}</pre>`}
              </details>
            </li>`,
        )}
      </ul>
      ${items.length === 0 ? empty(msg('It has changed no document.')) : nothing}`;
    const total = counts.added + counts.changed + counts.removed;
    return part({ id: 'documents', title: msg('Documents'), badge: partBadge(total), open: total > 0, body });
  }

  #egress(): TemplateResult | typeof nothing {
    const { egress, permissions } = this.report;
    if (egress.length === 0 && !permissions.declared.includes('webhooks:send')) return nothing;
    const body = html`<p class="so-muted so-small">
        ${msg('Nothing left the panel: each request was recorded, and answered as chosen under “Answers”.')}
      </p>
      <ul class="so-list so-preview-list">
        ${egress.map(egressRow)}
      </ul>
      ${egress.length === 0 ? empty(msg('It has sent nothing.')) : nothing}`;
    return part({
      id: 'egress',
      title: msg('Requests to the outside'),
      badge: partBadge(egress.length),
      open: egress.length > 0,
      body,
    });
  }

  #actions(): TemplateResult | typeof nothing {
    const { actions } = this.report;
    if (actions.length === 0) return nothing;
    const body = html`<p class="so-muted so-small">${msg('It was told that these were done. They were not.')}</p>
      <ul class="so-list so-preview-list">
        ${actions.map(({ name, args }) => html`<li><code>${name}(${json(args, 0)})</code></li>`)}
      </ul>`;
    return part({
      id: 'actions',
      title: msg('Actions asked for'),
      badge: partBadge(actions.length, 'warning'),
      open: true,
      body,
    });
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

  #routes(): TemplateResult | typeof nothing {
    const { routes } = this.report;
    if (routes.length === 0) return nothing;
    const body = html`<ul class="so-list so-preview-list">
      ${routes.map(
        ({ method, path, public: open }) =>
          html`<li class="so-row">
            <code>${method ?? '*'} ${path}</code>
            ${open ? html`<span class="so-badge so-badge-warning">${msg('without login')}</span>` : nothing}
          </li>`,
      )}
    </ul>`;
    return part({ id: 'routes', title: msg('Routes'), badge: partBadge(routes.length), body });
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

function severityName(severity: 'error' | 'warning' | 'info'): string {
  return { error: msg('refused'), warning: msg('warning'), info: msg('note') }[severity];
}

function log({ logs }: PreviewReport): TemplateResult {
  const body =
    logs.length === 0
      ? empty(msg('It has said nothing yet.'))
      : html`<div class="so-log" role="log" tabindex="0" aria-label=${msg('Log')}>
          ${logs.map(
            ({ at, level, text }) =>
              html`<div class="so-log-${level}">
                <time>${new Date(at).toLocaleTimeString()}</time> <b>${level}</b> <span>${text}</span>
              </div>`,
          )}
        </div>`;
  return part({ id: 'log', title: msg('Log'), badge: count(logs.length), open: logs.length > 0, body });
}
