import { msg } from '@lit/localize';
import { html, type TemplateResult } from 'lit';
import type { PluginDetail } from './plugin-model.js';
import './plugin-activity.js';
import './plugin-crons.js';
import './plugin-data.js';
import './plugin-logs.js';
import './plugin-overview.js';
import './plugin-permissions.js';
import './plugin-settings.js';
import { pluginFiles } from './plugin-files.js';

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

const hasBackend = ({ files }: PluginDetail): boolean => files.some(({ path }) => path === 'server.js');

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
      id: 'activity',
      label: msg('Activity'),
      shown: hasBackend,
      view: (plugin) => html`<sodium-plugin-activity .pluginId=${plugin.id}></sodium-plugin-activity>`,
    },
    {
      id: 'schedules',
      label: msg('Schedules'),
      shown: (plugin) => plugin.crons.length > 0,
      view: (plugin) =>
        html`<sodium-plugin-crons .pluginId=${plugin.id} .isActive=${plugin.state === 'active'}></sodium-plugin-crons>`,
    },
    {
      id: 'data',
      label: msg('Data'),
      shown: (plugin) => plugin.permissions.declared.includes('db:own'),
      view: (plugin) => html`<sodium-plugin-data .pluginId=${plugin.id}></sodium-plugin-data>`,
    },
    { id: 'files', label: msg('Files'), shown: (plugin) => plugin.files.length > 0, view: pluginFiles },
  ];
}
