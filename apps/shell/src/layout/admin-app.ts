import { msg } from '@lit/localize';
import { customElement } from 'lit/decorators.js';
import { Frame } from './frame.js';
import type { NavigationItem } from './navigation.js';

/** The admin area's document. No plugin code runs in it. */
@customElement('sodium-admin-app')
export class AdminApp extends Frame {
  protected override readonly area = { home: '/admin', label: msg('Administration'), note: msg('Admin') };

  protected override items(): readonly NavigationItem[] {
    return [
      { id: 'overview', label: msg('Overview'), href: '/admin', icon: 'gauge' },
      { id: 'plugins', label: msg('Plugins'), href: '/admin/plugins', icon: 'blocks' },
      { id: 'servers', label: msg('Servers'), href: '/admin/servers', icon: 'server' },
      { id: 'users', label: msg('Users'), href: '/admin/users', icon: 'users' },
      { id: 'schedules', label: msg('Schedules'), href: '/admin/schedules', icon: 'calendar-clock' },
      { id: 'plugin-data', label: msg('Left-over data'), href: '/admin/plugin-data', icon: 'archive' },
      { id: 'audit', label: msg('Audit log'), href: '/admin/audit', icon: 'scroll-text' },
    ];
  }

  protected override footItems(): readonly NavigationItem[] {
    return [
      { id: 'guide', label: msg('Guide'), href: '/docs/start/admins', icon: 'circle-help', native: true },
      { id: 'panel', label: msg('Back to the panel'), href: '/', icon: 'arrow-left', native: true },
    ];
  }
}
