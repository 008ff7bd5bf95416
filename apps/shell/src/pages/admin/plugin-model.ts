import type { PluginRow } from '@sodium/contract';
import type { SettingSpecs } from '@sodium/sdk/manifest';
import type { TabbedPlugin } from './plugin-tabs.js';

export interface PluginFile {
  path: string;
  size: number;
  sha256: string;
}

/** What the panel tells an admin of one plugin: `GET /api/admin/plugins/:id`. */
export interface PluginDetail extends PluginRow, Pick<TabbedPlugin, 'contributes'> {
  hooks: readonly { event: string; onError: 'deny' | 'allow' }[];
  routes: readonly { method: string | null; path: string; public?: boolean }[];
  publicRoutes: readonly string[];
  crons: readonly { name: string; expression: string; timezone?: string }[];
  hash?: string | null;
  files: readonly PluginFile[];
  license?: string;
  homepage?: string;
  keywords: readonly string[];
  dependencies: Readonly<Record<string, string>>;
  network: readonly string[];
  documents: { readme: string | null; changelog: string | null };
  icon: string | null;
  screenshots: readonly string[];
  faults: readonly { path: string; message: string; fix: string }[];
  consent?: { by: string; at: string } | null;
  settings?: SettingSpecs;
  permissions: PluginRow['permissions'] & {
    revoked?: string[];
    receipts?: Record<string, { count: number; last: string }>;
  };
  versions?: readonly { version: string; at: string }[];
}

/** The address of a plugin in the admin API. */
export function pluginApi(id: string): string {
  return `/api/admin/plugins/${encodeURIComponent(id)}`;
}

/** The address of a plugin's page, and of one of its parts. */
export function pluginPage(id: string, part?: string): string {
  const page = `/admin/plugins/${encodeURIComponent(id)}`;
  return part === undefined ? page : `${page}?tab=${encodeURIComponent(part)}`;
}

/** The manifest is not ours: a link of it may lead to a web page and do nothing else. */
export function safeLink(address: string): string {
  return /^https?:\/\//i.test(address) ? address : '#';
}
