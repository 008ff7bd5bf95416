import { msg } from '@lit/localize';
import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import '@awesome.me/webawesome/dist/components/button/button.js';
import { ShellElement } from '../../shell-element.js';
import { formatTime } from '../../ui/format.js';
import { icon } from '../../ui/icon.js';
import { notice } from '../../ui/states.js';
import type { PluginWish } from './plugin-actions.js';
import { permissionList } from './permission-list.js';
import { pluginContents } from './plugin-contents.js';
import { pluginPage, safeLink, type PluginDetail } from './plugin-model.js';
import './plugin-screenshots.js';
import './plugin-text.js';
import './plugin-update.js';

/** What a plugin is, in what state, and what it brings. */
@customElement('sodium-plugin-overview')
export class PluginOverview extends ShellElement {
  @property({ attribute: false }) plugin!: PluginDetail;

  override render(): TemplateResult {
    const { plugin } = this;
    return html`<div class="so-columns">
      <div class="so-stack-lg">
        ${notes(plugin)} ${faults(plugin)} ${nextStep(plugin)}
        ${
          plugin.update
            ? html`<sodium-plugin-update .pluginId=${plugin.id} .hash=${plugin.update.hash}></sodium-plugin-update>`
            : nothing
        }
        ${
          plugin.screenshots.length > 0
            ? html`<sodium-plugin-screenshots
                .pluginId=${plugin.id}
                .files=${plugin.screenshots}
              ></sodium-plugin-screenshots>`
            : nothing
        }
        ${plugin.documents.readme || plugin.state === 'invalid' ? nothing : noReadme()}
        ${text(plugin, 'readme', msg('Readme'))} ${text(plugin, 'changelog', msg('Changelog'))}
      </div>
      <div class="so-stack-lg">${facts(plugin)} ${permissions(plugin)} ${pluginContents(plugin)}</div>
    </div>`;
  }
}

function notes(plugin: PluginDetail): TemplateResult {
  const { reason, state, fix, faults } = plugin;
  return html`${
    reason && faults.length === 0
      ? notice(
          state === 'quarantined' ? 'warning' : state === 'inactive' ? 'info' : 'danger',
          html`<b style="white-space: pre-line">${reason}</b>${fix ? html`<span>${fix}</span>` : nothing}`,
        )
      : nothing
  }
  ${warnings(plugin)}`;
}

/** Many of them, such as the contrasts of a theme, are one note. */
function warnings({ warnings }: PluginDetail): TemplateResult | typeof nothing {
  if (warnings.length === 0) return nothing;
  const list = html`<ul>
    ${warnings.map((warning) => html`<li>${warning}</li>`)}
  </ul>`;
  return notice('warning', warnings.length === 1 ? warnings[0] : list);
}

/** What was just installed does nothing: what can be done with it stands first. */
function nextStep(plugin: PluginDetail): TemplateResult | typeof nothing {
  if (plugin.state !== 'inactive' || plugin.consent) return nothing;
  const wish = (name: PluginWish) => (event: Event) =>
    event.target?.dispatchEvent(new CustomEvent<PluginWish>('wish', { bubbles: true, detail: name }));
  return html`<section class="so-card">
    <header><h2>${msg('It was checked, and does nothing yet')}</h2></header>
    <div class="so-card-body so-stack">
      <p>
        ${msg('Look at it in a preview, which changes nothing and sends nothing. Then activate it, or discard it as if it had never been here.')}
      </p>
      <div class="so-actions" style="justify-content: flex-start">
        <wa-button appearance="outlined" href=${`${pluginPage(plugin.id)}/preview`}
          ><span slot="start">${icon('eye')}</span>${msg('Look at it first')}</wa-button
        >
        <wa-button variant="brand" appearance="outlined" @click=${wish('activate')}
          >${msg('Read what it asks for')}</wa-button
        >
        <wa-button appearance="plain" @click=${wish('discard')}>${msg('Discard')}</wa-button>
      </div>
    </div>
  </section>`;
}

/** Everything that keeps the folder from being used, with how to mend each. */
function faults({ faults }: PluginDetail): TemplateResult | typeof nothing {
  if (faults.length === 0) return nothing;
  return html`<section class="so-card so-card-danger">
    <header><h2>${msg('What is wrong with its folder')}</h2></header>
    <ul class="so-list">
      ${faults.map(
        ({ message, fix }) =>
          html`<li>
            <div style="overflow-wrap: anywhere">
              <b style="white-space: pre-line">${message}</b
              >${message.includes(fix) ? nothing : html`<br /><span>${fix}</span>`}
            </div>
          </li>`,
      )}
    </ul>
  </section>`;
}

function text(plugin: PluginDetail, name: 'readme' | 'changelog', title: string): TemplateResult | typeof nothing {
  if (!plugin.documents[name]) return nothing;
  return textCard(
    title,
    html`<sodium-plugin-text
      .pluginId=${plugin.id}
      .document=${name}
      .hash=${plugin.hash ?? null}
    ></sodium-plugin-text>`,
  );
}

const noReadme = (): TemplateResult =>
  textCard(msg('Readme'), html`<p class="so-muted">${msg('Its author wrote none.')}</p>`);

const textCard = (title: string, body: TemplateResult): TemplateResult =>
  html`<section class="so-card">
    <header><h2>${title}</h2></header>
    <div class="so-card-body">${body}</div>
  </section>`;

function permissions(plugin: PluginDetail): TemplateResult | typeof nothing {
  const { declared, approved } = plugin.permissions;
  if (plugin.state === 'invalid') return nothing;
  return html`<section class="so-card">
    <header>
      <h2>${plugin.consent ? msg('What it may do') : msg('What it asks for')}</h2>
      ${declared.length > 0 ? html`<a href=${pluginPage(plugin.id, 'permissions')}>${msg('Permissions in full')}</a>` : nothing}
    </header>
    <div class="so-card-body">
      ${
        declared.length > 0
          ? permissionList(declared, { approved: plugin.consent ? approved : undefined })
          : html`<p class="so-muted">${msg('It asks for nothing.')}</p>`
      }
    </div>
  </section>`;
}

function facts(plugin: PluginDetail): TemplateResult {
  const rows: [string, unknown][] = [
    [msg('Id'), html`<span class="so-mono">${plugin.id}</span>`],
    [msg('Version'), plugin.version],
    [msg('Type'), plugin.type],
    [msg('Author'), plugin.author],
    [msg('Licence'), plugin.license],
    [msg('Keywords'), plugin.keywords.join(', ')],
    [
      msg('Homepage'),
      plugin.homepage &&
        html`<a href=${safeLink(plugin.homepage)} rel="noreferrer" target="_blank">${plugin.homepage}</a>`,
    ],
    [msg('Allowed'), plugin.consent && `${plugin.consent.by}, ${formatTime(plugin.consent.at)}`],
    [
      msg('Content'),
      plugin.hash &&
        html`<a class="so-mono" href=${pluginPage(plugin.id, 'files')} title=${plugin.hash}
          >${plugin.hash.slice(0, 16)}</a
        >`,
    ],
  ];
  return html`<section class="so-card">
    <header><h2>${msg('About')}</h2></header>
    <dl class="so-card-body so-facts">
      ${rows
        .filter(([, value]) => value)
        .map(
          ([name, value]) =>
            html`<dt>${name}</dt>
              <dd>${value}</dd>`,
        )}
    </dl>
  </section>`;
}
