import { msg } from '@lit/localize';
import { html, type TemplateResult } from 'lit';
import type { PluginDetail } from './plugin-model.js';
import './plugin-logs.js';
import './plugin-overview.js';
import './plugin-permissions.js';
import './plugin-settings.js';
import { pluginFiles } from './plugin-files.js';
import { pluginTasks } from './plugin-tasks.js';

/** One tab of a plugin's page that is the panel's own. `id` is what the address names: `?tab=<id>`. */
export interface PluginPart {
  id: string;
  label: string;
  view(plugin: PluginDetail): TemplateResult;
  /** Whether this plugin has the tab; without it every plugin does. */
  shown?(plugin: PluginDetail): boolean;
}

/** Without a name in the address this one is open. */
export const FIRST_PART = 'overview';

const isReadable = (plugin: PluginDetail): boolean => plugin.state !== 'invalid' || plugin.hash !== null;

/** The tabs of every plugin's page, in their order. */
export function pluginParts(): PluginPart[] {
  return [
    {
      id: FIRST_PART,
      label: msg('Overview'),
      view: (plugin) => html`<sodium-plugin-overview .plugin=${plugin}></sodium-plugin-overview>`,
    },
    {
      id: 'permissions',
      label: msg('Permissions'),
      shown: isReadable,
      view: (plugin) => html`<sodium-plugin-permissions .plugin=${plugin}></sodium-plugin-permissions>`,
    },
    {
      id: 'settings',
      label: msg('Settings'),
      shown: (plugin) => Object.keys(plugin.settings ?? {}).length > 0,
      view: (plugin) =>
        html`<sodium-plugin-settings .pluginId=${plugin.id} .state=${plugin.state}></sodium-plugin-settings>`,
    },
    {
      id: 'logs',
      label: msg('Log'),
      view: (plugin) => html`<sodium-plugin-logs .pluginId=${plugin.id}></sodium-plugin-logs>`,
    },
    {
      id: 'schedules',
      label: msg('Schedules'),
      shown: (plugin) => plugin.crons.length > 0,
      view: pluginTasks,
    },
    { id: 'files', label: msg('Files'), shown: (plugin) => plugin.files.length > 0, view: pluginFiles },
  ];
}
